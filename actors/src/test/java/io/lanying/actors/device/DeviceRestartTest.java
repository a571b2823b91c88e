package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.Registered;
import io.lanying.protocol.device.Priority;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Command, event, state and answer of a device, step by step, and the same state again after a restart. */
class DeviceRestartTest {

    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void eachCommandIsOneEventAndARestartChangesNothing() {
        EventSourcedBehaviorTestKit<DeviceCommand, DeviceEvent, DeviceState> kit = EventSourcedBehaviorTestKit.create(
                fixture.kit.system(),
                fixture.behavior(),
                EventSourcedBehaviorTestKit.enabledSerializationSettings().withVerifyState(false));

        var registered =
                kit.<DeviceReply>runCommand(to -> new Register(Optional.of("alice"), Fixture.profile("vip"), to));
        assertThat(registered.reply()).isInstanceOf(Registered.class);
        assertThat(registered.event()).isInstanceOf(DeviceRegistered.class);

        var accepted = kit.<DeviceReply>runCommand(DeviceRestartTest::push);
        assertThat(accepted.reply()).isEqualTo(new PushAccepted("n1", 1, false));
        assertThat(accepted.event()).isInstanceOf(ItemAccepted.class);
        var before = kit.getState();
        assertThat(before.present().open()).containsKey(1L);

        var after = kit.restart().state();
        assertThat(after.toSnapshot()).isEqualTo(before.toSnapshot());
        var repeated = kit.<DeviceReply>runCommand(DeviceRestartTest::push);
        assertThat(repeated.reply()).isEqualTo(new PushAccepted("n1", 1, true));
        assertThat(repeated.hasNoEvents()).isTrue();
        assertThat(kit.<DeviceReply>runCommand(Get::new)
                        .replyOfType(DeviceView.class)
                        .openItems())
                .isEqualTo(1);
    }

    private static AcceptPush push(ActorRef<DeviceReply> to) {
        return Fixture.pushOf("n1", "body", 3_600, Priority.NORMAL, Optional.empty(), to);
    }
}
