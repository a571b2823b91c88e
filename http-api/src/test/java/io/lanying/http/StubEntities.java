package io.lanying.http;

import static io.lanying.http.TestApi.NOW;
import static io.lanying.http.TestApi.done;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.GetPush;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.notification.NotificationStatus;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantReply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A tenant {@code acme} with one device {@code d1} whose owner is {@code u1}, where every call succeeds. */
public final class StubEntities {

    public static final String VENDOR_TOKEN = "vendor-token-canary";
    public static final Profile PROFILE = new Profile(
            "android",
            Optional.of("alias"),
            List.of("tag"),
            Optional.of("zh-CN"),
            Optional.of("Asia/Shanghai"),
            Optional.of("1.0"),
            List.of(new VendorToken(
                    "fcm",
                    Optional.empty(),
                    Optional.empty(),
                    new Sealed("user:u1", VENDOR_TOKEN.getBytes(StandardCharsets.UTF_8)),
                    "fingerprint-canary",
                    NOW)));

    public static final String CREDENTIAL_SECRET = "credential-canary";
    private static final ChannelCredential CREDENTIAL = new ChannelCredential(
            new ChannelId("apns", "production"),
            2,
            new Sealed("tenant", CREDENTIAL_SECRET.getBytes(StandardCharsets.UTF_8)),
            "key",
            NOW,
            Optional.empty());

    private static final TenantReply.CredentialInfo INFO =
            new TenantReply.CredentialInfo(2, "key", NOW, Optional.empty(), Optional.of(1L));
    private static final TenantReply.CredentialInfo FIRST =
            new TenantReply.CredentialInfo(1, "key", NOW, Optional.of(NOW), Optional.empty());

    /** The id of a notification to many. */
    public static final String BROADCAST = "nmzxw6ytboi5dkobuhe3tmnbqg";

    private StubEntities() {}

    public static void install(TestApi api) {
        api.tenantWithKey("acme", "*");
        api.roles("acme", new Role("reader", List.of("devices:read")));
        api.device("acme", "d1", "u1");
        api.journal(
                "acme",
                "d1",
                new DeviceRegistered(NOW, Optional.of("u1"), 1, "s1", PROFILE),
                new Acknowledged(NOW.plusMillis(1), 3));
        api.states.put(new EntityId("acme", "d1"), new StateAsOf(2, NOW.plusMillis(1), snapshot()));
        api.devices = StubEntities::device;
        api.tenantWrites = StubEntities::tenant;
        api.notifications = StubEntities::notification;
        UserFixtures.install(api);
        ConversationFixtures.install(api);
        api.journal("acme", BROADCAST, notificationEvents().toArray(Persisted[]::new));
        api.states.put(new EntityId("acme", BROADCAST), new StateAsOf(1, NOW, NotificationFixtures.snapshot()));
    }

    public static DeviceView view() {
        return new DeviceView(Optional.of("u1"), PROFILE, 1, NOW, "s1", 3, 5, 2, true);
    }

    private static DeviceView bare() {
        var profile = new Profile(
                "web", Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        return new DeviceView(Optional.empty(), profile, 1, NOW, "fresh", 0, 0, 0, false);
    }

    public static DeviceSnapshot snapshot() {
        return new DeviceSnapshot(
                2,
                NOW.plusMillis(1),
                1,
                Optional.of(new DeviceSnapshot.Registration(NOW, Optional.of("u1"), PROFILE)),
                Optional.of(new DeviceSnapshot.Stream(
                        "s1", 3, 5, 4, List.of(), List.of(), List.of(), List.of(), Optional.empty())),
                Optional.empty(),
                List.of(),
                List.of());
    }

    private static CompletionStage<DeviceReply> device(EntityId id, DeviceCommand command) {
        if (!id.equals(new EntityId("acme", "d1"))) {
            return done(
                    command instanceof Register
                            ? new DeviceReply.Registered(true, bare())
                            : new Refused(ErrorCode.NOT_FOUND, "no such device"));
        }
        return done(known(command));
    }

    private static DeviceReply known(DeviceCommand command) {
        if (command instanceof Register) {
            return new DeviceReply.Registered(false, view());
        } else if (command instanceof DeviceCommand.Delete) {
            return new DeviceReply.Deleted();
        } else if (command instanceof AcceptPush push) {
            return new PushAccepted(push.notificationId(), 6, false);
        } else if (command instanceof GetPush push) {
            return new PushView(push.notificationId(), 1, NOW, Fate.ACKNOWLEDGED);
        } else if (command instanceof CancelPush push) {
            return new PushView(push.notificationId(), 1, NOW, Fate.CANCELLED);
        } else if (command instanceof DeviceCommand.ReadInbox) {
            return new DeviceReply.Inbox("s1", 3, 5, 2, List.of(), List.of());
        } else if (command instanceof DeviceCommand.BindTokens) {
            return new DeviceReply.Registered(false, view());
        } else if (command instanceof DeviceCommand.NoteOpened || command instanceof DeviceCommand.SetAside) {
            return new DeviceReply.Noted();
        } else if (command instanceof DeviceCommand.AckItems) {
            return new DeviceReply.Position("s1", 3, 5);
        } else if (command instanceof Redeliver) {
            return new DeviceReply.Redelivered(6, 7, false);
        }
        return view();
    }

    public static List<NotificationEvent> notificationEvents() {
        return NotificationFixtures.events();
    }

    private static CompletionStage<NotificationReply> notification(EntityId id, NotificationCommand command) {
        if (command instanceof NotificationCommand.Accept) {
            return done(new NotificationReply.Accepted(false));
        }
        return done(
                id.equals(new EntityId("acme", BROADCAST))
                        ? NotificationFixtures.view(NotificationStatus.SENT)
                        : new NotificationReply.Refused(ErrorCode.NOT_FOUND, "no such notification"));
    }

    private static CompletionStage<TenantReply> tenant(EntityId id, TenantCommand command) {
        if (command instanceof TenantCommand.CreateApiKey make) {
            return done(new TenantReply.ApiKeyMade(new ApiKey(
                    make.keyId(), make.name(), make.scopes(), make.secretHash(), NOW, make.expiresAt(), make.roles())));
        } else if (command instanceof TenantCommand.Create create) {
            return done(new TenantReply.TenantView(
                    create.name(),
                    NOW,
                    List.of(),
                    create.signingKey(),
                    false,
                    create.homeRegion(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty()));
        } else if (command instanceof TenantCommand.SetQuotas set) {
            return done(new TenantReply.QuotasAre(set.quotas()));
        } else if (command instanceof TenantCommand.PutRole put) {
            return done(new TenantReply.RoleIs(put.role(), !put.role().name().equals("reader")));
        } else if (command instanceof TenantCommand.PutMessageHook put) {
            boolean isNew = put.secret().isEmpty();
            var hook = new MessageHook(
                    9, put.url(), put.secret().orElse(put.fresh()), put.timeoutMillis(), put.onSilence(), NOW);
            return done(new TenantReply.MessageHookIs(hook, isNew, isNew));
        } else if (command instanceof TenantCommand.PutCredential put) {
            return done(stored(put.channel()));
        }
        return done(id.id().equals("acme") ? ofChannels(command) : ofNoChannels(command));
    }

    private static TenantReply stored(ChannelId channel) {
        return new TenantReply.CredentialStored(
                new TenantReply.ChannelView(channel, List.of(INFO, FIRST)), !channel.equals(CREDENTIAL.channel()));
    }

    private static TenantReply ofChannels(TenantCommand command) {
        if (command instanceof TenantCommand.GetMessageHook) {
            return new TenantReply.MessageHookIs(HookFixtures.hook("acme"), false, false);
        } else if (command instanceof TenantCommand.GetChannels) {
            return new TenantReply.ChannelsAre(
                    List.of(new TenantReply.ChannelView(CREDENTIAL.channel(), List.of(INFO, FIRST))));
        } else if (command instanceof TenantCommand.GetCredential) {
            return new TenantReply.CredentialIs(CREDENTIAL);
        } else if (command instanceof TenantCommand.RestoreCredential) {
            return new TenantReply.CredentialRestored(3, false);
        }
        return new TenantReply.Deleted();
    }

    private static TenantReply ofNoChannels(TenantCommand command) {
        if (command instanceof TenantCommand.GetChannels) {
            return new TenantReply.ChannelsAre(List.of());
        }
        return command instanceof TenantCommand.GetCredential
                        || command instanceof TenantCommand.RestoreCredential
                        || command instanceof TenantCommand.GetMessageHook
                ? new TenantReply.Refused(ErrorCode.NOT_FOUND, "not there", false)
                : new TenantReply.Deleted();
    }
}
