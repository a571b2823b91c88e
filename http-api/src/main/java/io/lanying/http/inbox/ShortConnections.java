package io.lanying.http.inbox;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.pathPrefix;

import akka.http.javadsl.server.Route;
import io.lanying.http.attachment.AttachmentCalls;
import io.lanying.http.device.VendorTokens;
import io.lanying.http.entity.Admission;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.message.OwnMessages;
import io.lanying.http.session.ShortSessions;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.sealing.Sealing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/** {@code /v1/device/…} by ordinary requests (api.md §4). Same token, same items, same numbers as on the socket. */
public final class ShortConnections {

    /** What short connections need of the rest. */
    public record Ports(
            DeviceEndpoints endpoints,
            DeviceEntities devices,
            Journal journal,
            MessageSource messages,
            OwnMessages ownMessages,
            AttachmentCalls attachments,
            ConversationEntities conversations,
            Sealing sealing,
            MeterRegistry metrics,
            InboxSettings settings,
            Clock clock) {}

    private final Ports ports;
    private final InboxReader reader;

    public ShortConnections(Ports ports) {
        this.ports = ports;
        var settings = ports.settings();
        this.reader = new InboxReader(
                ports.devices(),
                new AcknowledgedItems(ports.journal()),
                new InboxContents(
                        ports.journal(),
                        new InboxMessages(ports.messages(), settings.maxBytes()),
                        ports.sealing(),
                        ports.metrics()),
                new Admission("inboxes", settings.maxReads(), ports.metrics()),
                new Admission("repeats", settings.maxRepeats(), ports.metrics()),
                settings.maxBytes());
    }

    /** Matches below {@code /v1}. */
    public Route route(ShortSessions sessions) {
        var inbox = new InboxRoutes(
                ports.endpoints(),
                ports.devices(),
                reader,
                sessions,
                ports.settings().longestWait(),
                ports.clock());
        var all = concat(
                inbox.route(),
                new EventStreamRoutes(ports.endpoints(), sessions).route(),
                new OwnMessageRoutes(ports.endpoints(), ports.devices(), ports.ownMessages()).route(),
                new OwnAttachmentRoutes(ports.endpoints(), ports.devices(), ports.attachments()).route(),
                new OwnPositionRoutes(ports.endpoints(), ports.devices(), ports.conversations()).route(),
                new OwnReceiptRoutes(ports.endpoints(), ports.devices(), ports.conversations()).route(),
                new OwnDeviceRoutes(
                                ports.endpoints(), ports.devices(), new VendorTokens(ports.sealing(), ports.clock()))
                        .route());
        return pathPrefix("device", () -> all);
    }
}
