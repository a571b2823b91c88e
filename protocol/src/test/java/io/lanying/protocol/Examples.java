package io.lanying.protocol;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.device.Badge;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.Attachment;
import io.lanying.protocol.device.DeviceSnapshot.BadgeAdded;
import io.lanying.protocol.device.DeviceSnapshot.BadgeState;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.Offer;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Registration;
import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.DeviceSnapshot.Stream;
import io.lanying.protocol.device.DeviceSnapshot.VendorWork;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.OfferCause;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.device.Target;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.OnSilence;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantSnapshot;
import io.lanying.protocol.token.TokenOwnerCommand;
import io.lanying.protocol.token.TokenOwnerEvent;
import io.lanying.protocol.token.TokenOwnerReply;
import io.lanying.protocol.token.TokenOwnerSnapshot;
import io.lanying.protocol.user.UserSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One example of everything that is written or sent, with every field set, and a bare one where fields may be empty.
 *
 * <p>The golden files were made from the events and snapshots here. So these are never changed: a new type, or a new field,
 * gets a new example beside them.
 */
final class Examples {

    static final Instant AT = Instant.parse("2026-11-20T08:15:30.123Z");
    static final Instant LATER = Instant.parse("2026-11-23T08:15:30.123Z");

    /** Shaped as Tink writes it: version 1, the key's id, then nonce, ciphertext and tag (here made up). */
    static final Sealed SEALED = new Sealed("user:u1", box(0x5ea1ed01, 64));

    private static final VendorToken TOKEN = new VendorToken(
            "apns",
            Optional.of("sandbox"),
            Optional.of("io.lanying.demo"),
            new Sealed("user:u1", box(0x5ea1ed01, 96)),
            "c2FtZSB0b2tlbiBzYW1l",
            AT);
    private static final Profile PROFILE = new Profile(
            "ios",
            Optional.of("kitchen"),
            List.of("beta", "zh"),
            Optional.of("zh-CN"),
            Optional.of("Asia/Shanghai"),
            Optional.of("4.2.0"),
            List.of(TOKEN));
    private static final Profile BARE_PROFILE = new Profile(
            "web",
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(new VendorToken(
                    "fcm", Optional.empty(), Optional.empty(), SEALED, "YW5vdGhlciB0b2tlbiBoZXJl", AT)));
    private static final ChannelId APNS = new ChannelId("apns", "sandbox");
    private static final PushOptions OPTIONS = new PushOptions(
            Strategy.VENDOR_ONLY, 30, List.of("fcm", "apns"), Category.TRANSACTIONAL, Optional.of(new Badge(true, 1)));
    private static final MessageHook HOOK = new MessageHook(
            9,
            new MessageHook.Print(new Sealed("tenant", box(0x7e4a0a01, 60)), "dXJs"),
            new MessageHook.Print(new Sealed("tenant", box(0x7e4a0a01, 60)), "c2VjcmV0"),
            2_000,
            OnSilence.REFUSE,
            AT);
    private static final SigningKey SIGNING_KEY = new SigningKey("sk1", new Sealed("tenant", box(0x7e4a0a01, 60)));
    private static final ApiKey API_KEY =
            new ApiKey("k1", "orders", List.of("push", "devices"), "aGFzaA", AT, Optional.of(LATER), List.of());
    private static final ApiKey BARE_API_KEY =
            new ApiKey("k2", "all", List.of(), "aGFzaDI", AT, Optional.empty(), List.of());
    private static final ApiKey API_KEY_WITH_ROLES =
            new ApiKey("k3", "support", List.of(), "aGFzaDM", AT, Optional.empty(), List.of("reader", "sender"));
    private static final Role ROLE = new Role("reader", List.of("devices:read", "journal:read"));
    private static final ChannelCredential CREDENTIAL = new ChannelCredential(
            new ChannelId("apns", "sandbox"), 3, SIGNING_KEY.secret(), "key ABC123", AT, Optional.of(LATER));
    private static final ChannelCredential BARE_CREDENTIAL = new ChannelCredential(
            new ChannelId("fcm", "production"), 1, SIGNING_KEY.secret(), "project p", AT, Optional.empty());
    private static final Quotas QUOTAS = new Quotas(Optional.of(500), Optional.of(20_000));

    private Examples() {}

    /** What is in journals. */
    static List<Persisted> events() {
        return List.of(
                new DeviceEvent.DeviceRegistered(AT, Optional.of("u1"), 1, "s1", PROFILE),
                new DeviceEvent.ProfileChanged(AT, PROFILE),
                new DeviceEvent.DeviceRebound(AT, Optional.of("u2"), 2, "s2", PROFILE),
                new DeviceEvent.DeviceDeleted(AT),
                new DeviceEvent.ItemAccepted(
                        AT,
                        42,
                        "nabc~d1",
                        ItemKind.PUSH,
                        Optional.of(SEALED),
                        Optional.of("ZmluZ2VycHJpbnQ"),
                        300,
                        LATER,
                        Priority.HIGH,
                        Optional.of("weather"),
                        41),
                new DeviceEvent.ItemsRedelivered(
                        AT,
                        "rabc~d1",
                        "user:u1",
                        "ZmluZ2VycHJpbnQ",
                        List.of(new DeviceEvent.Redelivered(43, 10, "nabc~d1", ItemKind.PUSH, 12, 300)),
                        LATER,
                        41),
                new DeviceEvent.ItemsEnded(AT, Fate.SUPERSEDED, Optional.of("nabd~d1"), List.of(43L, 45L)),
                new DeviceEvent.Acknowledged(AT, 44),
                new DeviceEvent.ItemOpened(AT, "nabc~d1"),
                new DeviceEvent.SessionAttached(AT, "session1", 44),
                new DeviceEvent.SessionDetached(AT, "session1", "lost", 44),
                new DeviceEvent.VendorOffered(AT, 42, "nabc~d1", APNS, "dG9rZW4", OfferCause.ACK_TIMEOUT, 41),
                new DeviceEvent.VendorAnswered(
                        AT,
                        42,
                        "nabc~d1",
                        APNS,
                        new VendorOutcome(
                                VendorOutcome.End.REFUSED,
                                Optional.of(ResultClass.TOKEN_INVALID),
                                "Unregistered",
                                Optional.of("123e4567-e89b-12d3-a456-426614174000"),
                                Optional.of(AT),
                                Optional.empty(),
                                2),
                        41),
                new DeviceEvent.TokenUnbound(
                        AT, APNS, Optional.of("com.example.app"), "dG9rZW4", "vendor:Unregistered"),
                new DeviceEvent.TokenSuppressed(
                        AT, APNS, Optional.of("com.example.app"), "dG9rZW4", LATER, "vendor:inactive"),
                new DeviceEvent.BadgeSeen(AT, 42),
                new DeviceEvent.UserSettingsApplied(AT, 3, UserExamples.SETTINGS),
                new DeviceEvent.ItemRestrained(AT, 42, "nabc~d1", Restraint.DEFERRED, Optional.of(LATER)),
                new DeviceEvent.PushCalledOff(AT, "nabcdefghijklmnopqrstuvwxy"),
                new DeviceEvent.RequestRefused(
                        AT, "rabd~d1", "user:u1", "ZmluZ2VycHJpbnQ", ErrorCode.NOTHING_TO_REDELIVER),
                new TokenOwnerEvent.TokenClaimed(AT, "d1", APNS, "dG9rZW4", AT),
                new TokenOwnerEvent.LoserTold(AT, "d2"),
                new TenantEvent.TenantCreated(AT, "Acme 蓝", SIGNING_KEY, "tabc", "ZmluZ2VycHJpbnQ", Optional.empty()),
                new TenantEvent.TenantDeleted(AT),
                new TenantEvent.ApiKeyCreated(AT, API_KEY, "kabc", "ZmluZ2VycHJpbnQ"),
                new TenantEvent.ApiKeyRevoked(AT, "k1"),
                new TenantEvent.RequestRefused(AT, "kabd", "ZmluZ2VycHJpbnQ", ErrorCode.LIMIT_REACHED),
                new TenantEvent.QuotasChanged(AT, QUOTAS),
                new TenantEvent.RolePut(AT, ROLE),
                new TenantEvent.RoleDeleted(AT, "reader"),
                new TenantEvent.CredentialPut(AT, CREDENTIAL, "Y29udGVudA"),
                new TenantEvent.CredentialRestored(AT, CREDENTIAL, "Y29udGVudA", 1, "cabc", "ZmluZ2VycHJpbnQ"),
                new TenantEvent.CredentialDeleted(AT, CREDENTIAL.channel()),
                new TenantEvent.MessageHookPut(AT, HOOK),
                new TenantEvent.MessageHookDeleted(AT));
    }

    /** The same types with all that may be empty empty. */
    static List<Persisted> bareEvents() {
        return List.of(
                new DeviceEvent.DeviceRegistered(AT, Optional.empty(), 1, "s1", BARE_PROFILE),
                new DeviceEvent.ProfileChanged(AT, BARE_PROFILE),
                new DeviceEvent.DeviceRebound(AT, Optional.empty(), 2, "s2", BARE_PROFILE),
                new DeviceEvent.ItemAccepted(
                        AT,
                        1,
                        "nabc~d1",
                        ItemKind.RECALL,
                        Optional.empty(),
                        Optional.empty(),
                        7,
                        LATER,
                        Priority.HIGH,
                        Optional.empty(),
                        0),
                new DeviceEvent.ItemsEnded(AT, Fate.EXPIRED, Optional.empty(), List.of(1L)),
                new DeviceEvent.UserSettingsApplied(AT, 1, UserSettings.NONE),
                new DeviceEvent.ItemRestrained(AT, 42, "nabc~d1", Restraint.MUTED, Optional.empty()),
                new TenantEvent.ApiKeyCreated(AT, BARE_API_KEY, "kabc", "ZmluZ2VycHJpbnQ"),
                new TenantEvent.QuotasChanged(AT, Quotas.UNLIMITED),
                new TenantEvent.CredentialPut(AT, BARE_CREDENTIAL, "Y29udGVudA"));
    }

    /** What got fields after its first golden file was made, with these set, by the name of the next file. */
    static Map<String, Persisted> grown() {
        return Map.of(
                "DeviceEvent.ItemAccepted.v2",
                new DeviceEvent.ItemAccepted(
                        AT,
                        42,
                        "nabc~d1",
                        ItemKind.PUSH,
                        Optional.of(SEALED),
                        Optional.of("ZmluZ2VycHJpbnQ"),
                        300,
                        LATER,
                        Priority.HIGH,
                        Optional.of("weather"),
                        41,
                        Optional.of(OPTIONS),
                        Optional.of(SEALED)),
                "DeviceSnapshot.v2",
                new DeviceSnapshot(
                        99,
                        AT,
                        2,
                        Optional.of(new Registration(AT, Optional.of("u1"), PROFILE)),
                        Optional.of(new Stream(
                                "s2",
                                41,
                                46,
                                43,
                                List.of(openItem()),
                                List.of(new GoneRange(43, 44, Fate.EXPIRED)),
                                List.of(vendorOnlyItem()),
                                List.of(new VendorWork(
                                        46,
                                        Optional.of(new Offer(APNS, "dG9rZW4", AT)),
                                        List.of("b2xk"),
                                        Optional.of(APNS))),
                                Optional.of(new BadgeState(3, List.of(new BadgeAdded(46, 1)))))),
                        Optional.empty(),
                        List.of(),
                        List.of(remembered())),
                "DeviceSnapshot.v4",
                new DeviceSnapshot(
                        99,
                        AT,
                        2,
                        Optional.of(new Registration(
                                AT,
                                Optional.of("u1"),
                                PROFILE,
                                Optional.empty(),
                                List.of(new DeviceSnapshot.Suppressed(
                                        APNS, Optional.of("io.lanying.demo"), "c2FtZSB0b2tlbiBzYW1l", LATER)))),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of()),
                "DeviceSnapshot.v3",
                new DeviceSnapshot(
                        99,
                        AT,
                        2,
                        Optional.of(new Registration(
                                AT,
                                Optional.of("u1"),
                                PROFILE,
                                Optional.of(new DeviceSnapshot.OwnerSettings(3, UserExamples.SETTINGS)),
                                List.of())),
                        Optional.of(new Stream(
                                "s2",
                                41,
                                46,
                                43,
                                List.of(),
                                List.of(),
                                List.of(vendorOnlyItem()),
                                List.of(new VendorWork(
                                        46,
                                        Optional.empty(),
                                        List.of(),
                                        Optional.empty(),
                                        Optional.of(new DeviceSnapshot.Quiet(Restraint.SILENT, Optional.of(LATER))))),
                                Optional.empty())),
                        Optional.empty(),
                        List.of(),
                        List.of()),
                "TenantEvent.TenantCreated.v2",
                new TenantEvent.TenantCreated(
                        AT, "Acme 蓝", SIGNING_KEY, "tabc", "ZmluZ2VycHJpbnQ", Optional.of("eu-west")),
                "TenantEvent.ApiKeyCreated.v2",
                new TenantEvent.ApiKeyCreated(AT, API_KEY_WITH_ROLES, "kabc", "ZmluZ2VycHJpbnQ"),
                "TenantSnapshot.v2",
                new TenantSnapshot(
                        9,
                        AT,
                        Optional.of(new TenantSnapshot.Profile(
                                "Acme 蓝",
                                AT,
                                List.of(API_KEY_WITH_ROLES),
                                SIGNING_KEY,
                                Optional.of("eu-west"),
                                Optional.of(QUOTAS),
                                List.of(ROLE),
                                Optional.empty())),
                        List.of(),
                        List.of()),
                "TenantSnapshot.v3",
                new TenantSnapshot(
                        10,
                        AT,
                        Optional.empty(),
                        List.of(new TenantSnapshot.Remembered(
                                "cabc", "ZmluZ2VycHJpbnQ", AT, Optional.empty(), Optional.empty(), Optional.of(3L))),
                        List.of(new TenantSnapshot.Channel(
                                CREDENTIAL.channel(),
                                3,
                                List.of(new TenantSnapshot.Kept(CREDENTIAL, "Y29udGVudA", Optional.of(1L)))))),
                "TenantSnapshot.v4",
                new TenantSnapshot(
                        11,
                        AT,
                        Optional.of(new TenantSnapshot.Profile(
                                "Acme 蓝",
                                AT,
                                List.of(),
                                SIGNING_KEY,
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                Optional.of(HOOK))),
                        List.of(),
                        List.of()));
    }

    /** What is in the snapshot store, full and bare. */
    static List<Persisted> snapshots() {
        return List.of(
                new DeviceSnapshot(
                        99,
                        AT,
                        2,
                        Optional.of(new Registration(AT, Optional.of("u1"), PROFILE)),
                        Optional.of(new Stream(
                                "s2",
                                41,
                                45,
                                43,
                                List.of(openItem()),
                                List.of(new GoneRange(43, 44, Fate.EXPIRED)),
                                List.of(),
                                List.of(),
                                Optional.empty())),
                        Optional.of(new Attachment("session2", AT)),
                        List.of("session1"),
                        List.of(remembered())),
                new TokenOwnerSnapshot(
                        3,
                        AT,
                        Optional.of(new TokenOwnerSnapshot.Owned("d1", APNS, "dG9rZW4", AT)),
                        List.of(new TokenOwnerSnapshot.Loser("d2", AT, true))),
                new TenantSnapshot(
                        7,
                        AT,
                        Optional.of(new TenantSnapshot.Profile(
                                "Acme 蓝",
                                AT,
                                List.of(API_KEY),
                                SIGNING_KEY,
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty())),
                        List.of(new TenantSnapshot.Remembered(
                                "kabc",
                                "ZmluZ2VycHJpbnQ",
                                AT,
                                Optional.of("k1"),
                                Optional.of(ErrorCode.LIMIT_REACHED),
                                Optional.empty())),
                        List.of()));
    }

    static List<Persisted> bareSnapshots() {
        return List.of(
                new DeviceSnapshot(
                        3,
                        AT,
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(new Remembered(
                                "nabc~d1",
                                "device:d1",
                                "ZmluZ2VycHJpbnQ",
                                2,
                                AT,
                                1,
                                0,
                                0,
                                Optional.empty(),
                                Optional.empty()))),
                new TokenOwnerSnapshot(1, AT, Optional.empty(), List.of()),
                new TenantSnapshot(
                        2,
                        AT,
                        Optional.empty(),
                        List.of(new TenantSnapshot.Remembered(
                                "tabc", "ZmluZ2VycHJpbnQ", AT, Optional.empty(), Optional.empty(), Optional.empty())),
                        List.of()));
    }

    /** What is only ever a part of something else. */
    static List<Persisted> parts() {
        return List.of(new VendorOutcome(
                VendorOutcome.End.REFUSED,
                Optional.of(ResultClass.TOKEN_INVALID),
                "Unregistered",
                Optional.of("vendor-id"),
                Optional.of(AT),
                Optional.of(Duration.ofSeconds(3)),
                2));
    }

    /** What entities are asked. */
    static List<Remoted> commands(
            ActorRef<DeviceReply> device,
            ActorRef<TenantReply> tenant,
            ActorRef<TokenOwnerReply> tokenOwner,
            ActorRef<SessionMessage> session) {
        return List.of(
                new DeviceCommand.Register(Optional.of("u1"), PROFILE, device),
                new DeviceCommand.Delete(device),
                new DeviceCommand.Get(device),
                new DeviceCommand.AcceptPush(
                        "nabc~d1",
                        SEALED,
                        "ZmluZ2VycHJpbnQ",
                        300,
                        259_200,
                        Priority.NORMAL,
                        Optional.of("weather"),
                        Optional.of(OPTIONS),
                        Optional.of(SEALED),
                        Optional.of(new Target(
                                Optional.of("u1"), Optional.of("a"), List.of("x"), List.of("y"), List.of("z"))),
                        device),
                new DeviceCommand.CancelPush("nabc~d1", device),
                new DeviceCommand.GetPush("nabc~d1", device),
                new DeviceCommand.Redeliver(1, 10, "rabc~d1", "user:u1", "ZmluZ2VycHJpbnQ", device),
                new DeviceCommand.Attach("session1", 1, Optional.of("s1"), 41, session),
                new DeviceCommand.Ack("session1", 42),
                new DeviceCommand.Detach("session1", "closed"),
                new DeviceCommand.Opened("session1", "nabc~d1"),
                new DeviceCommand.BadgeSeen("session1", 42),
                new DeviceCommand.TokenLost(APNS, "dG9rZW4", AT, device),
                new DeviceCommand.Unreadable("session1", 42),
                new DeviceCommand.ReadInbox(2, Optional.of(41L), 100, 524_288, device),
                new DeviceCommand.AckItems(2, "s2", 42, device),
                new DeviceCommand.BindTokens(2, List.of(TOKEN), device),
                new DeviceCommand.NoteOpened(2, "nabc~d1", device),
                new DeviceCommand.ApplyUserSettings("u1", 3, UserExamples.SETTINGS, Optional.of(AT), device),
                new DeviceCommand.Wake(5),
                new TenantCommand.Create(
                        "Acme 蓝", SIGNING_KEY, Optional.of("eu-west"), "tabc", "ZmluZ2VycHJpbnQ", tenant),
                new TenantCommand.Get(tenant),
                new TenantCommand.Delete(tenant),
                new TenantCommand.CreateApiKey(
                        "k1",
                        "orders",
                        List.of("*"),
                        List.of("reader"),
                        "aGFzaA",
                        Optional.of(LATER),
                        "kabc",
                        "ZmluZ2VycHJpbnQ",
                        tenant),
                new TenantCommand.RevokeApiKey("k1", tenant),
                new TenantCommand.SetQuotas(QUOTAS, tenant),
                new TenantCommand.PutRole(ROLE, tenant),
                new TenantCommand.DeleteRole("reader", tenant),
                new TokenOwnerCommand.Claim("d1", APNS, "dG9rZW4", AT, tokenOwner),
                new TokenOwnerCommand.Wake(5),
                new TenantCommand.PutCredential(
                        CREDENTIAL.channel(),
                        CREDENTIAL.secret(),
                        "Y29udGVudA",
                        "key ABC123",
                        Optional.of(LATER),
                        tenant),
                new TenantCommand.RestoreCredential(CREDENTIAL.channel(), 1, "cabc", "ZmluZ2VycHJpbnQ", tenant),
                new TenantCommand.DeleteCredential(CREDENTIAL.channel(), tenant),
                new TenantCommand.GetCredential(CREDENTIAL.channel(), tenant),
                new ConversationCommand.Watch("u1", session),
                new ConversationCommand.Unwatch(session),
                new ConversationCommand.Typing("u1", session),
                new TenantCommand.GetChannels(tenant),
                new TenantCommand.PutMessageHook(
                        HOOK.url(), Optional.of(HOOK.secret()), HOOK.secret(), 2_000, OnSilence.ALLOW, tenant),
                new TenantCommand.GetMessageHook(tenant),
                new TenantCommand.DeleteMessageHook(tenant),
                new TenantCommand.Wake(5));
    }

    /** What entities and sessions are told. */
    static List<Remoted> answers(ActorRef<DeviceCommand> device) {
        var view = new DeviceReply.DeviceView(Optional.of("u1"), PROFILE, 2, AT, "s2", 41, 45, 2, true);
        var channel = new TenantReply.ChannelView(
                CREDENTIAL.channel(),
                List.of(new TenantReply.CredentialInfo(3, "key ABC123", AT, Optional.of(LATER), Optional.of(1L))));
        var item = new SessionMessage.Item(42, "nabc~d1", ItemKind.PUSH, AT, Optional.of(10L), Optional.of(SEALED));
        return List.of(
                new DeviceReply.Registered(true, view),
                new DeviceReply.Deleted(),
                view,
                new DeviceReply.PushAccepted("nabc~d1", 42, true),
                new DeviceReply.NotTargeted(),
                new DeviceReply.PushView("nabc~d1", 42, AT, Fate.ACKNOWLEDGED),
                new DeviceReply.Redelivered(43, 45, false),
                new DeviceReply.Inbox(
                        "s2", 41, 45, 99, List.of(openItem()), List.of(new GoneRange(43, 44, Fate.EXPIRED))),
                new DeviceReply.Position("s2", 42, 45),
                new DeviceReply.SettingsTaken(3),
                new DeviceReply.OtherOwner(),
                new DeviceReply.Noted(),
                new DeviceReply.SealedForOther("user:u2"),
                new DeviceReply.Refused(ErrorCode.NOT_FOUND, "no such device"),
                new TenantReply.TenantView(
                        "Acme 蓝",
                        AT,
                        List.of(API_KEY, BARE_API_KEY, API_KEY_WITH_ROLES),
                        SIGNING_KEY,
                        false,
                        Optional.of("eu-west"),
                        Optional.of(QUOTAS),
                        List.of(ROLE),
                        Optional.of(HOOK)),
                new TenantReply.MessageHookIs(HOOK, true, true),
                new TenantReply.QuotasAre(QUOTAS),
                new TenantReply.RoleIs(ROLE, true),
                new TenantReply.CredentialStored(channel, true),
                new TenantReply.CredentialRestored(3, false),
                new TenantReply.CredentialIs(CREDENTIAL),
                new TenantReply.ChannelsAre(List.of(channel)),
                new TenantReply.ApiKeyMade(API_KEY),
                new TokenOwnerReply.Owner("d1"),
                new TenantReply.Deleted(),
                new TenantReply.Refused(ErrorCode.SECRET_ALREADY_SHOWN, "shown once", true),
                new SessionMessage.Attached(device, "s2", 41, 45),
                new SessionMessage.Ended(SessionMessage.EndReason.REPLACED),
                new SessionMessage.Deliver(device, List.of(item)),
                new SessionMessage.Gone(device, 43, 44, Fate.SUPERSEDED),
                new SessionMessage.Present("team", List.of("u1", "u2")),
                new SessionMessage.Typed("team", List.of("u2")),
                new SessionMessage.NotWatching("team"),
                new ChannelCredential(
                        APNS, 3, new Sealed("tenant", box(0x7e4a0a01, 60)), "team ABCDE12345", AT, Optional.of(LATER)),
                new Reminder(LATER, 5));
    }

    private static OpenItem vendorOnlyItem() {
        return new OpenItem(
                46,
                95,
                95,
                "nabd~d1",
                ItemKind.PUSH,
                300,
                AT,
                LATER,
                Priority.HIGH,
                Optional.empty(),
                Optional.empty(),
                Optional.of(OPTIONS));
    }

    private static OpenItem openItem() {
        return new OpenItem(
                42,
                90,
                90,
                "nabc~d1",
                ItemKind.PUSH,
                300,
                AT,
                LATER,
                Priority.HIGH,
                Optional.of("weather"),
                Optional.of(10L),
                Optional.empty());
    }

    private static Remembered remembered() {
        return new Remembered(
                "nabc~d1",
                "user:u1",
                "ZmluZ2VycHJpbnQ",
                90,
                AT,
                2,
                42,
                42,
                Optional.of(Fate.PENDING),
                Optional.of(ErrorCode.NOTHING_TO_REDELIVER));
    }

    private static byte[] box(int keyId, int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 37 + 11);
        }
        bytes[0] = 1;
        for (int i = 0; i < 4; i++) {
            bytes[1 + i] = (byte) (keyId >>> (24 - 8 * i));
        }
        return bytes;
    }
}
