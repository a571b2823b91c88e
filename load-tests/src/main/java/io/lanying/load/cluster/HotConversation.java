package io.lanying.load.cluster;

import io.lanying.load.client.Conversations;
import io.lanying.load.client.Conversations.Draft;
import io.lanying.load.client.Service;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * One conversation gets nearly all that is sent, as fast as it is taken: its messages have one order for everybody, and devices that have
 * nothing to do with it are answered as ever.
 */
final class HotConversation implements Harm {

    private static final String TENANT = "hot";
    private static final String CONVERSATION = "everybody";
    private static final int MEMBERS = 8;
    private static final int OUTSTANDING = 32;
    private static final Duration LASTS = Duration.ofSeconds(20);

    private final Latencies latencies = new Latencies();
    private final Queue<Draft> owed = new ConcurrentLinkedQueue<>();

    @Override
    public void prepare(Scene scene) {
        Service service = scene.rig().tenant(TENANT).service();
        for (String member : members()) {
            Service.Registration theirs = new Service.Registration(member, List.of(), Optional.empty());
            scene.rig().phone(service, "of-" + member, theirs, Phone.Manner.ATTENTIVE);
        }
        Rig.await(service.conversations().group(CONVERSATION, members()));
    }

    private static List<String> members() {
        return IntStream.range(0, MEMBERS).mapToObj(number -> "member" + number).toList();
    }

    @Override
    public void strike(Scene scene) {
        Conversations conversations = scene.senderOf(TENANT).service().conversations();
        Queue<CompletableFuture<Void>> outstanding = new ArrayDeque<>();
        long began = System.nanoTime();
        int said = 0;
        while (System.nanoTime() - began < LASTS.toNanos()) {
            String member = members().get(said % MEMBERS);
            outstanding.add(say(conversations, new Draft(CONVERSATION, member, "hot-" + said, "message " + said)));
            said++;
            while (outstanding.size() >= OUTSTANDING) {
                Rig.await(outstanding.remove());
            }
        }
        outstanding.forEach(Rig::await);
        scene.figure("messages a second in the hot conversation", latencies.count() * 1_000 / LASTS.toMillis());
        scene.figure("milliseconds for half of them", latencies.millis(50));
        scene.figure("milliseconds for 99 of 100 of them", latencies.millis(99));
        scene.figure("posts that were refused or not answered", owed.size());
        Rig.awaitUntil(Rig.STEP, "every post is answered", () -> {
            List<CompletableFuture<Void>> again = new ArrayList<>();
            for (Draft draft = owed.poll(); draft != null; draft = owed.poll()) {
                again.add(say(conversations, draft));
            }
            again.forEach(Rig::await);
            return owed.isEmpty();
        });
        Rig.awaitUntil(Rig.STEP, "everybody is told", () -> Rig.await(conversations.isTold(CONVERSATION)));
        scene.awaitAnswered();
    }

    /** What was not accepted is owed. */
    private CompletableFuture<Void> say(Conversations conversations, Draft draft) {
        long begun = System.nanoTime();
        return conversations.post(draft).thenAccept(outcome -> {
            if (outcome instanceof TalkEvent.Posted) {
                latencies.add(System.nanoTime() - begun);
            } else {
                owed.add(draft);
            }
        });
    }

    @Override
    public void heal(Scene scene) {
        scene.demandAllAlive();
    }

    @Override
    public void report(Scene scene) {
        Rig.await(scene.senderOf(TENANT).service().conversations().recordHistory(CONVERSATION));
    }
}
