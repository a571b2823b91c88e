package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAdapterFactory;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.protocol.channel.CredentialCheck.Problem;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import io.lanying.protocol.channel.ResultClass;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A vendor whose clients do what the test says. Its credentials are plain names; {@code bad…} is refused. */
public final class ScriptedVendor implements VendorAdapterFactory {

    /** A client, by the credential that it was opened with. */
    public static final class Client implements VendorAdapter {

        public final List<VendorMessage> sent = new CopyOnWriteArrayList<>();
        public final Map<String, CompletableFuture<VendorAnswer>> open = new ConcurrentHashMap<>();
        public volatile Function<VendorMessage, CompletionStage<VendorAnswer>> behaviour = this::wait;
        public volatile VendorAnswer probe = VendorAnswer.of(ResultClass.UNKNOWN_OUTCOME, "noWay");
        public volatile boolean closed;

        @Override
        public CompletionStage<VendorAnswer> send(VendorMessage message) {
            sent.add(message);
            return behaviour.apply(message);
        }

        /** The answer to what was sent for this device. */
        public void answer(String device, VendorAnswer answer) {
            open.remove("n-" + device).complete(answer);
        }

        public void always(ResultClass result) {
            behaviour = message -> CompletableFuture.completedStage(Fixtures.answer(result));
        }

        private CompletionStage<VendorAnswer> wait(VendorMessage message) {
            return open.computeIfAbsent(message.itemId(), id -> new CompletableFuture<>());
        }

        @Override
        public CompletionStage<VendorAnswer> probe() {
            return CompletableFuture.completedStage(probe);
        }

        @Override
        public CompletionStage<Void> close() {
            closed = true;
            return CompletableFuture.completedStage(null);
        }
    }

    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    public final List<String> opened = new CopyOnWriteArrayList<>();

    /** The client of this credential, whether it is open yet or not. */
    public Client client(String credential) {
        return clients.computeIfAbsent(credential, name -> new Client());
    }

    @Override
    public String channel() {
        return Fixtures.FAKE.channel();
    }

    @Override
    public Set<String> environments() {
        return Set.of("production", "sandbox");
    }

    @Override
    public Verdict check(String environment, byte[] credential) {
        boolean bad = new String(credential, StandardCharsets.UTF_8).startsWith("bad");
        return new Verdict(
                bad ? List.of(new Problem("/name", "invalid", "not bad")) : List.of(), "a summary", Optional.empty());
    }

    @Override
    public VendorAdapter open(String environment, byte[] credential) {
        String name = new String(credential, StandardCharsets.UTF_8);
        opened.add(name);
        return client(name);
    }
}
