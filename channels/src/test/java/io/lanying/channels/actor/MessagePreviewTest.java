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
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a push vendor shows of a message in a conversation, and what it never gets. */
class MessagePreviewTest {

    private static final MessageRef REF = new MessageRef("team", 7, 1);

    private final OpenSealing sealing = new OpenSealing();

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

    private String bodyOf(MessageType type, String content) {
        return ready(type, content, Optional.empty(), true).body().orElseThrow();
    }

    private VendorMessage ready(MessageType type, String content, Optional<String> name, boolean preview) {
        return ((Ready) open(request(type, content, name, preview))).message();
    }

    private Opened open(VendorRequest request) {
        return new MessageOpener(sealing).open(request).toCompletableFuture().join();
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
