package io.lanying.channels.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.channels.actor.MessageOpener.Opened;
import io.lanying.channels.actor.MessageOpener.Ready;
import io.lanying.channels.actor.MessageOpener.Unusable;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.protocol.channel.VendorRequest;
import io.lanying.protocol.channel.VendorRequest.ShownMessage;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.user.UserName;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a push vendor shows of a message in a conversation, and what it never gets. */
class MessagePreviewTest {

    private static final MessageRef REF = new MessageRef("team", 7, 1);

    private final OpenSealing sealing = new OpenSealing();

    private final Map<String, UserName> names = new HashMap<>();

    @Test
    void aTextIsShownUnderTheConversationsName() {
        var message = ready(MessageType.TEXT, "{\"text\":\"你好\"}", Optional.of("Team 蓝"), true);
        assertThat(message.title()).contains("Team 蓝");
        assertThat(message.body()).contains("你好");
        assertThat(message.data())
                .isEqualTo(Map.of("conversationId", "team", "messageSeq", "7", "messageId", "team~7"));
        assertThat(message.itemId()).isEqualTo("team~7");
        assertThat(message.collapseKey()).contains("team");
        assertThat(message.badge()).as("untouched").isEmpty();
    }

    @Test
    void withoutPreviewNothingOfTheContentLeaves() {
        var message = ready(MessageType.TEXT, "{\"text\":\"secret\"}", Optional.empty(), false);
        assertThat(message.title()).isEmpty();
        assertThat(message.body()).contains("💬");
        assertThat(message.data().values()).doesNotContain("secret");
    }

    @Test
    void whatIsNoTextIsASign() {
        assertThat(bodyOf(MessageType.IMAGE, "{\"url\":\"https://x\"}")).isEqualTo("📷");
        assertThat(bodyOf(MessageType.LOCATION, "{}")).isEqualTo("📍");
        assertThat(bodyOf(MessageType.CUSTOM, "{\"text\":\"not ours to show\"}"))
                .isEqualTo("💬");
        assertThat(bodyOf(MessageType.TEXT, "{}")).isEqualTo("💬");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        String body = bodyOf(MessageType.TEXT, "{\"text\":\"" + "😀".repeat(500) + "\"}");
        assertThat(body).isEqualTo("😀".repeat(199) + "…");
        assertThat(bodyOf(MessageType.TEXT, "{\"text\":\"" + "x".repeat(200) + "\"}"))
                .isEqualTo("x".repeat(200));
    }

    @Test
    void anErasedSendersMessageIsNotSent() {
        sealing.erased.add("user:bob");
        assertThat(open(request(MessageType.TEXT, "{\"text\":\"hi\"}", Optional.empty(), true)))
                .isEqualTo(new Unusable(Codes.ERASED));
    }

    @Test
    void anotherMessagesContentIsNotSent() {
        var request = request(MessageType.TEXT, "{\"text\":\"hi\"}", Optional.empty(), true);
        var other = with(request, new ShownMessage(REF, "other origin", MessageType.TEXT, Optional.empty(), true));
        assertThat(open(other)).isEqualTo(new Unusable(Codes.UNREADABLE));
    }

    @Test
    void whereAConversationHasNoNameTheSendersStands() {
        names.put("bob", name("Bob 鲍勃"));
        var unnamed = with(
                request(MessageType.TEXT, "{\"text\":\"hi\"}", Optional.empty(), true),
                shown(Optional.empty(), true, ""));
        assertThat(message(unnamed).title()).contains("Bob 鲍勃");
        var named = with(unnamed, shown(Optional.of(seal("tenant", "team", "name", "Team")), true, ""));
        assertThat(message(named).title()).contains("Team");
        names.clear();
        assertThat(message(unnamed).title()).isEmpty();
        names.put("bob", new UserName(seal("user:ghost", "bob", "name", "Ghost"), "f"));
        sealing.erased.add("user:ghost");
        assertThat(message(unnamed).title()).as("of an erased person").isEmpty();
    }

    @Test
    void whatTheServiceWantsShownTakesThePlaceOfNameTextAndCollapseKey() {
        names.put("bob", name("Bob"));
        var request = request(MessageType.TEXT, "{\"text\":\"1234\"}", Optional.empty(), true);
        var own = message(with(
                request,
                shown(Optional.empty(), true, "{\"title\":\"Acme\",\"body\":\"Your code\",\"collapseKey\":\"code\"}")));
        assertThat(own.title()).contains("Acme");
        assertThat(own.body()).contains("Your code");
        assertThat(own.collapseKey()).contains("code");
        var hidden = message(with(request, shown(Optional.empty(), true, "{\"preview\":false}")));
        assertThat(hidden.body()).contains("💬");
        assertThat(hidden.title()).contains("Bob");
        assertThat(hidden.collapseKey()).contains("team");
        var without = message(with(request, shown(Optional.empty(), false, "{\"body\":\"Your code\"}")));
        assertThat(without.body()).as("the conversation shows nothing").contains("💬");
    }

    private VendorMessage message(VendorRequest request) {
        return ((Ready) open(request)).message();
    }

    private static UserName name(String text) {
        return new UserName(seal("user:bob", "bob", "name", text), "f");
    }

    /** @param push empty: none */
    private static ShownMessage shown(Optional<Sealed> name, boolean preview, String push) {
        return new ShownMessage(
                REF,
                "origin",
                MessageType.TEXT,
                name,
                preview,
                Optional.of("bob"),
                push.isEmpty() ? Optional.empty() : Optional.of(seal("user:bob", "origin", "push", push)));
    }

    private static Sealed seal(String subject, String item, String field, String text) {
        return OpenSealing.seal(subject, item, field, text.getBytes(StandardCharsets.UTF_8));
    }

    private String bodyOf(MessageType type, String content) {
        return ready(type, content, Optional.empty(), true).body().orElseThrow();
    }

    private VendorMessage ready(MessageType type, String content, Optional<String> name, boolean preview) {
        return ((Ready) open(request(type, content, name, preview))).message();
    }

    private Opened open(VendorRequest request) {
        return new MessageOpener(
                        sealing,
                        (tenant, userId) -> CompletableFuture.completedStage(Optional.ofNullable(names.get(userId))))
                .open(request)
                .toCompletableFuture()
                .join();
    }

    private static VendorRequest request(MessageType type, String content, Optional<String> name, boolean preview) {
        var push = Fixtures.request("d1");
        Sealed sealed = OpenSealing.seal("user:bob", "origin", "content", content.getBytes(StandardCharsets.UTF_8));
        var message = new ShownMessage(
                REF,
                "origin",
                type,
                name.map(text -> OpenSealing.seal("tenant", "team", "name", text.getBytes(StandardCharsets.UTF_8))),
                preview);
        return with(
                new VendorRequest(
                        push.tenant(),
                        push.deviceId(),
                        REF.messageId(),
                        1,
                        push.token(),
                        sealed,
                        Optional.empty(),
                        Optional.of("team"),
                        Optional.empty(),
                        false,
                        push.priority(),
                        push.category(),
                        push.expiresAt()),
                message);
    }

    private static VendorRequest with(VendorRequest request, ShownMessage message) {
        return new VendorRequest(
                request.tenant(),
                request.deviceId(),
                request.itemId(),
                request.itemSeq(),
                request.token(),
                request.body(),
                request.vendorBlocks(),
                request.collapseKey(),
                request.badge(),
                request.silent(),
                request.priority(),
                request.category(),
                request.expiresAt(),
                Optional.of(message));
    }
}
