package io.lanying.load.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.history.Content;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import io.lanying.load.history.TalkEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What a service, and the apps of its people, do in conversations. Everything is recorded. Thread-safe; futures of what
 * changes something never fail: what was not answered is recorded and returned as unknown.
 */
public final class Conversations {

    private static final int PAGE = 200;

    private final String tenant;
    private final Api api;
    private final Recorder recorder;

    Conversations(String tenant, Api api, Recorder recorder) {
        this.tenant = tenant;
        this.api = api;
        this.recorder = recorder;
    }

    /** Who writes what, to be said again with the same key by any way. */
    public record Draft(String conversation, String sender, String key, String text) {

        /** The body without its sender, as the app says it. */
        ObjectNode json() {
            ObjectNode body = Answer.JSON
                    .createObjectNode()
                    .put("conversationId", conversation)
                    .put("clientMessageId", key)
                    .put("type", "text");
            body.putObject("content").put("text", text);
            return body;
        }
    }

    /** Begins one between two users; returns its id. */
    public CompletableFuture<String> direct(String one, String other) {
        ObjectNode body = Answer.JSON.createObjectNode().put("type", "direct");
        return begin(body, List.of(one, other), "direct-" + one + "-" + other);
    }

    /** Begins a group with an id of its own; its name carries nothing that is sealed. */
    public CompletableFuture<String> group(String id, List<String> members) {
        ObjectNode body = Answer.JSON.createObjectNode().put("type", "group").put("conversationId", id);
        return begin(body, members, "group-" + id);
    }

    private CompletableFuture<String> begin(ObjectNode body, List<String> members, String key) {
        members.forEach(member -> body.withArray("members").addObject().put("userId", member));
        return Api.patiently(attempt -> recorded("begin", api.post("/v1/conversations", body, key)))
                .thenApply(answer -> {
                    String id = answer.orThrow().json().path("conversationId").asText();
                    recorder.add(new TalkEvent.Begun(tenant, id, members));
                    return id;
                });
    }

    /** The service posts in the name of a member. */
    public CompletableFuture<HistoryEvent> post(Draft draft) {
        ObjectNode body = draft.json().put("senderId", draft.sender());
        body.remove("conversationId");
        return outcome(
                invoked(draft),
                recorded("post", api.post("/v1/conversations/" + draft.conversation() + "/messages", body)),
                Conversations::posted);
    }

    /** The app posts by a request, with a session token of one of the sender's devices. */
    public CompletableFuture<HistoryEvent> postFromDevice(String sessionToken, Draft draft) {
        return outcome(
                invoked(draft),
                recorded("own post", api.with(sessionToken).post("/v1/device/messages", draft.json())),
                Conversations::posted);
    }

    /** The app posts on its socket. */
    public CompletableFuture<HistoryEvent> postFromSocket(App app, Draft draft) {
        long op = invoked(draft);
        return app.send(draft.json()).handle((reply, failure) -> {
            HistoryEvent outcome = failure == null ? replied(op, reply) : unknown(op, failure);
            recorder.add(outcome);
            return outcome;
        });
    }

    private long invoked(Draft draft) {
        long op = recorder.nextOp();
        recorder.add(
                new TalkEvent.PostInvoked(op, tenant, draft.conversation(), draft.sender(), draft.key(), draft.text()));
        return op;
    }

    private static HistoryEvent posted(long op, Answer answer) {
        JsonNode sent = answer.json();
        return new TalkEvent.Posted(
                op, sent.path("messageId").asText(), sent.path("messageSeq").asLong(), answer.status() == 201);
    }

    /** A reply's codes stand for statuses; those that say "again" need no header to say so. */
    private static HistoryEvent replied(long op, JsonNode reply) {
        if (reply.path("ok").asBoolean()) {
            return new TalkEvent.Posted(
                    op,
                    reply.path("messageId").asText(),
                    reply.path("messageSeq").asLong(),
                    false);
        }
        String code = reply.path("code").asText();
        int status =
                switch (code) {
                    case "unavailable" -> 503;
                    case "tooManyRequests" -> 429;
                    case "internal" -> 500;
                    default -> 400;
                };
        return new HistoryEvent.Refused(op, status, code, true);
    }

    public CompletableFuture<HistoryEvent> edit(String conversation, long messageSeq, String sender, String text) {
        long op = recorder.nextOp();
        recorder.add(new TalkEvent.EditInvoked(op, tenant, conversation, messageSeq, text));
        ObjectNode body = Answer.JSON.createObjectNode().put("senderId", sender).put("type", "text");
        body.putObject("content").put("text", text);
        return outcome(op, recorded("edit", api.patch(message(conversation, messageSeq), body)), Conversations::done);
    }

    public CompletableFuture<HistoryEvent> recall(String conversation, long messageSeq, String by) {
        long op = recorder.nextOp();
        recorder.add(new TalkEvent.RecallInvoked(op, tenant, conversation, messageSeq));
        String path = message(conversation, messageSeq) + "?by=" + by;
        return outcome(op, recorded("recall", api.delete(path)), Conversations::done);
    }

    private static String message(String conversation, long messageSeq) {
        return "/v1/conversations/" + conversation + "/messages/" + conversation + "~" + messageSeq;
    }

    /** Adds a user to a group. */
    public CompletableFuture<HistoryEvent> join(String conversation, String user) {
        long op = recorder.nextOp();
        recorder.add(new TalkEvent.MemberInvoked(op, tenant, conversation, user, true));
        return outcome(
                op,
                recorded("join", api.put(member(conversation, user), Answer.JSON.createObjectNode())),
                Conversations::done);
    }

    /** A user leaves a group by itself. It cannot say so again once it has gone: {@link #remove} can. */
    public CompletableFuture<HistoryEvent> leave(String conversation, String user) {
        return leave(conversation, user, "?by=" + user);
    }

    /** The service takes a user out of a group. */
    public CompletableFuture<HistoryEvent> remove(String conversation, String user) {
        return leave(conversation, user, "");
    }

    private CompletableFuture<HistoryEvent> leave(String conversation, String user, String query) {
        long op = recorder.nextOp();
        recorder.add(new TalkEvent.MemberInvoked(op, tenant, conversation, user, false));
        return outcome(op, recorded("leave", api.delete(member(conversation, user) + query)), Conversations::done);
    }

    private static String member(String conversation, String user) {
        return "/v1/conversations/" + conversation + "/members/" + user;
    }

    private static HistoryEvent done(long op, Answer answer) {
        return new TalkEvent.Done(op);
    }

    /** How an answer that is a success is recorded. */
    private interface Success {
        HistoryEvent of(long op, Answer answer);
    }

    private CompletableFuture<HistoryEvent> outcome(long op, CompletableFuture<Answer> call, Success success) {
        return call.handle((answer, failure) -> {
            HistoryEvent outcome =
                    failure != null ? unknown(op, failure) : answer.ok() ? success.of(op, answer) : refused(op, answer);
            recorder.add(outcome);
            return outcome;
        });
    }

    private static HistoryEvent refused(long op, Answer answer) {
        boolean retryAfter = answer.headers().firstValue("Retry-After").isPresent();
        return new HistoryEvent.Refused(op, answer.status(), answer.code(), retryAfter);
    }

    private static HistoryEvent unknown(long op, Throwable failure) {
        return new HistoryEvent.Unknown(op, failure.toString());
    }

    /** Whether all that happened has been told to everybody, by the conversation's journal and its state. */
    public CompletableFuture<Boolean> isTold(String conversation) {
        String journal = "/v1/journal/conversations/" + conversation;
        return lastNews(journal, 0, 0)
                .thenCompose(last -> read(journal + "/state").thenApply(answer -> {
                    JsonNode news = answer.at("/state/news");
                    return news.path("toldUpTo").asLong() >= last
                            && news.path("behind").isEmpty();
                }));
    }

    private CompletableFuture<Long> lastNews(String journal, long afterSeq, long known) {
        return read(journal + "/events?limit=" + PAGE + "&afterSeq=" + afterSeq).thenCompose(page -> {
            long last = known;
            long read = afterSeq;
            for (JsonNode event : page.path("items")) {
                read = event.path("eventSeq").asLong();
                last = event.path("type").asText().startsWith("message") ? read : last;
            }
            return page.path("items").size() < PAGE
                    ? CompletableFuture.completedFuture(last)
                    : lastNews(journal, read, last);
        });
    }

    /** Records every message as the conversation has it now. */
    public CompletableFuture<Void> recordHistory(String conversation) {
        return recordHistory(conversation, 0);
    }

    private CompletableFuture<Void> recordHistory(String conversation, long afterSeq) {
        String path = "/v1/conversations/" + conversation + "/messages?limit=" + PAGE + "&afterSeq=" + afterSeq;
        return read(path).thenCompose(page -> {
            long last = afterSeq;
            for (JsonNode message : page.path("items")) {
                last = message.path("messageSeq").asLong();
                boolean recalled = message.has("recalledAt");
                recorder.add(new TalkEvent.MessageRead(
                        tenant,
                        conversation,
                        last,
                        message.path("messageId").asText(),
                        message.path("senderId").asText(),
                        recalled ? "" : Content.said(message.path("content")),
                        message.path("version").asInt(),
                        recalled));
            }
            return page.path("more").asBoolean() && last > afterSeq
                    ? recordHistory(conversation, last)
                    : CompletableFuture.completedFuture(null);
        });
    }

    private CompletableFuture<JsonNode> read(String path) {
        return Api.patiently(attempt -> recorded(path, api.get(path)))
                .thenApply(answer -> answer.orThrow().json());
    }

    private CompletableFuture<Answer> recorded(String source, CompletableFuture<Answer> call) {
        Function<Answer, Answer> record = answer -> {
            recorder.add(new HistoryEvent.Received(tenant, source, answer.headers() + answer.text()));
            return answer;
        };
        return call.thenApply(record);
    }
}
