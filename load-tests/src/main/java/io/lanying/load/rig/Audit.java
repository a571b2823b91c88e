package io.lanying.load.rig;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.load.client.Service;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Reads how things stand, once they rest, into the history: positions, journals, states, fates. */
final class Audit {

    private static final Duration REST = Duration.ofSeconds(30);
    private static final int PAST_STATES = 5;
    /** Half of what the server tells at once: push.http.max-stories. */
    private static final int AT_ONCE = 8;

    /** A device repeats a fate that was not confirmed after 30 s. */
    private static final Duration COUNTED = Duration.ofSeconds(75);

    private final Map<String, Map<String, String>> fates = new ConcurrentHashMap<>();
    private final Recorder recorder;
    private final Random random;

    Audit(Recorder recorder, Random random) {
        this.recorder = recorder;
        this.random = random;
    }

    /** Waits for the device to have everything; if it does not come, the checker will say so. */
    void drain(Phone phone) {
        JsonNode[] view = new JsonNode[1];
        Rig.holdsWithin(REST, () -> {
            view[0] = Rig.await(phone.service().view(phone.device()));
            return phone.app().ackedSeq() == view[0].path("lastSeq").asLong()
                    && phone.app().streamId().equals(view[0].path("streamId").asText())
                    && view[0].path("openItems").asInt() == 0;
        });
        recorder.add(new HistoryEvent.Drained(
                phone.target(),
                view[0].path("streamId").asText(),
                view[0].path("lastSeq").asLong()));
    }

    /** The whole journal, the latest state, some past states, and the living device at the same moment. */
    void readJournal(Phone phone) {
        Service service = phone.service();
        long eventSeq = recordLive(phone);
        long read = 0;
        while (read < eventSeq) {
            JsonNode page = Rig.await(service.events(phone.device(), read));
            if (page.path("items").isEmpty()) {
                break;
            }
            for (JsonNode item : page.path("items")) {
                read = item.path("eventSeq").asLong();
                recorder.add(new HistoryEvent.JournalRead(
                        phone.target(), read, item.path("type").asText(), item.path("event")));
            }
        }
        for (int count = 0; count < PAST_STATES; count++) {
            recordState(phone, Optional.of(1 + (long) (random.nextDouble() * eventSeq)));
        }
        recordState(phone, Optional.of(eventSeq));
    }

    /** Reads a state, latest or past, and records it under the number it is as of. */
    long recordState(Phone phone, Optional<Long> asOfSeq) {
        JsonNode answer = Rig.await(phone.service().state(phone.device(), asOfSeq));
        long eventSeq = answer.path("eventSeq").asLong();
        String source = asOfSeq.map(number -> "asOfSeq=" + number).orElse("latest");
        recorder.add(new HistoryEvent.StateRead(phone.target(), source, eventSeq, answer.path("state")));
        return eventSeq;
    }

    /** The living device between two equal readings of its journal's end; acknowledgements take a moment to get there. */
    private long recordLive(Phone phone) {
        long[] eventSeq = new long[1];
        Rig.awaitUntil(REST, "the journal of " + phone.target() + " rests", () -> {
            long before = recordState(phone, Optional.empty());
            JsonNode view = Rig.await(phone.service().view(phone.device()));
            JsonNode state = Rig.await(phone.service().state(phone.device(), Optional.empty()));
            eventSeq[0] = state.path("eventSeq").asLong();
            boolean rests = eventSeq[0] == before
                    && state.at("/state/stream/ackedSeq").asLong()
                            == view.path("ackedSeq").asLong();
            if (rests) {
                recorder.add(new HistoryEvent.LiveRead(
                        phone.target(),
                        before,
                        view.path("streamId").asText(),
                        view.path("ackedSeq").asLong(),
                        view.path("lastSeq").asLong(),
                        view.path("openItems").asLong()));
            }
            return rests;
        });
        return eventSeq[0];
    }

    /** Waits until nothing more is going to happen to what was sent to a device that is not connected. */
    void awaitVendors(Phone phone) {
        Rig.holdsWithin(REST, () -> {
            String path = "/v1/journal/devices/" + phone.device() + "/state";
            JsonNode state = Rig.await(phone.service().get(path)).json();
            return state.at("/state/stream/vendors").isEmpty()
                    || state.at("/state/stream/vendors").findValues("offeredTo").stream()
                            .allMatch(JsonNode::isNull);
        });
    }

    /** What became of each accepted push. */
    void readFates(Sender sender) {
        List<CompletableFuture<String>> reads = new ArrayList<>();
        for (Sender.Command command : sender.commands()) {
            for (String device : command.notificationId().isEmpty() ? List.<String>of() : command.devices()) {
                reads.add(sender.service()
                        .recordFate(device, command.notificationId())
                        .thenApply(fate -> {
                            fates.computeIfAbsent(command.notificationId(), id -> new ConcurrentHashMap<>())
                                    .put(device, fate);
                            return fate;
                        }));
                if (reads.size() == AT_ONCE) {
                    Rig.await(CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)));
                    reads.clear();
                }
            }
        }
        Rig.await(CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)));
    }

    /** What notifications to many count, once it is what their devices' fates make or does not come to it. */
    void readCounts(Sender sender) {
        for (Sender.Command command : sender.commands()) {
            if (command.many() && !command.notificationId().isEmpty()) {
                Map<String, Long> recount = new TreeMap<>();
                for (String fate :
                        fates.getOrDefault(command.notificationId(), Map.of()).values()) {
                    if (!fate.equals("notTargeted")) {
                        recount.merge(fate, 1L, Long::sum);
                        recount.merge("targeted", 1L, Long::sum);
                    }
                }
                Map<String, Long> counts = new TreeMap<>();
                Rig.holdsWithin(COUNTED, () -> {
                    counts.clear();
                    Rig.await(sender.service().notificationView(command.notificationId()))
                            .path("counts")
                            .propertyStream()
                            .filter(count -> count.getValue().asLong() > 0)
                            .forEach(count ->
                                    counts.put(count.getKey(), count.getValue().asLong()));
                    return counts.equals(recount);
                });
                recorder.add(new HistoryEvent.CountsRead(sender.service().tenant(), command.notificationId(), counts));
            }
        }
    }
}
