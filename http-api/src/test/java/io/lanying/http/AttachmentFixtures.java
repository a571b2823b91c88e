package io.lanying.http;

import static io.lanying.http.TestApi.NOW;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.with;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.RawHeader;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.conversation.ConversationReply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Attachments of the group {@code g1} of {@code acme}: {@code a1}, a complete text, and {@code a0}, of which nothing has come. */
public final class AttachmentFixtures {

    public static final EntityId GROUP = new EntityId("acme", "g1");
    public static final String HELLO_SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    public static final String FILE =
            "\"name\":\"beach.txt\",\"contentType\":\"text/plain\",\"size\":5,\"sha256\":\"" + HELLO_SHA256 + "\"}";

    private AttachmentFixtures() {}

    public static void install(TestApi api) {
        api.attachments.put(GROUP, "a1", "u1", "text/plain", NOW, "hello".getBytes(StandardCharsets.UTF_8));
        api.attachments.put(new AttachmentKey(GROUP, "a0"), "u1", "text/plain", NOW, 5, 0, false);
    }

    public static HttpRequest chunk(String path, String credential, String offset, String chunk) {
        return with(HttpRequest.PATCH(path), credential)
                .addHeader(RawHeader.create("Upload-Offset", offset))
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_OCTET_STREAM, chunk.getBytes(StandardCharsets.UTF_8)));
    }

    /** The answers that the stubs do not give by themselves. */
    static void askForTheRest(TestApi api, String deviceToken) {
        String service = api.tenantWithKey("acme", "*");
        String all = "/v1/conversations/g1/attachments";
        refused(
                api,
                key(post(all, service, "{\"uploaderId\":\"u1\"," + FILE), "k"),
                ErrorCode.NOT_PERMITTED,
                ErrorCode.CONVERSATION_ARCHIVED,
                ErrorCode.NOT_A_MEMBER);
        refused(api, get(all + "/a1?userId=u9", service), ErrorCode.NOT_A_MEMBER);
        refused(api, get(all + "/a1/content?userId=u9", service), ErrorCode.NOT_A_MEMBER);
        chunks(api, all, service);
        contents(api, all, service);
        String own = "/v1/device/conversations/g1/attachments";
        refused(
                api,
                key(post(own, deviceToken, "{" + FILE), "k"),
                ErrorCode.NOT_FOUND,
                ErrorCode.NOT_PERMITTED,
                ErrorCode.CONVERSATION_ARCHIVED,
                ErrorCode.NOT_A_MEMBER);
        for (HttpRequest request : Set.of(
                get(own + "/a1", deviceToken),
                get(own + "/a1/content", deviceToken),
                TestApi.delete(own + "/a1", deviceToken),
                chunk(own + "/a0", deviceToken, "0", "hello"))) {
            refused(api, request, ErrorCode.NOT_FOUND, ErrorCode.NOT_PERMITTED, ErrorCode.NOT_A_MEMBER);
        }
        chunks(api, own, deviceToken);
        contents(api, own, deviceToken);
    }

    private static void chunks(TestApi api, String all, String credential) {
        var right = chunk(all + "/a0", credential, "0", "hello");
        api.ask(right.removeHeader("Upload-Offset"));
        api.ask(chunk(all + "/a0", credential, "5", "hello"));
        api.ask(chunk(all + "/a0", credential, "0", "hello, too long"));
        api.ask(right.withEntity(ContentTypes.APPLICATION_JSON, "{}"));
        api.attachments.refusal = Optional.of(ErrorCode.CONTENT_MISMATCH);
        api.ask(right);
        api.attachments.refusal = Optional.empty();
    }

    private static void contents(TestApi api, String all, String credential) {
        var right = get(all + "/a1/content", credential);
        api.ask(right.addHeader(RawHeader.create("Range", "bytes=1-2")));
        api.ask(right.addHeader(RawHeader.create("Range", "bytes=99-")));
        api.ask(right.addHeader(RawHeader.create("If-None-Match", "*")));
        api.ask(get(all + "/a0/content", credential));
    }

    private static void refused(TestApi api, HttpRequest request, ErrorCode... codes) {
        var stub = api.conversations;
        for (ErrorCode code : codes) {
            api.conversations = (id, command) -> done(new ConversationReply.Refused(code, "no"));
            api.ask(request);
        }
        api.conversations = stub;
    }
}
