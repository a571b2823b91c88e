package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.HistoryEvent.Shown;
import io.lanying.load.history.HistoryEvent.VendorAsked;
import io.lanying.load.history.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The vendors' part of I3 and I4. I3: an item goes to a vendor under one id, the one that the socket has too, with one
 * vendor-side id, and not again after an answer that the server can have known. I4: whatever reaches a token was sent to a
 * device and an owner that the token was still registered for.
 */
final class ByVendor {

    /**
     * An attempt that was under way when a token changed hands is not called back, also if it waits for a connection: it ends
     * with its deadline, of which this is the longest in a rig.
     */
    private static final long ON_THE_WAY = Duration.ofSeconds(6).toMillis();

    private record Holding(Target at, String owner, String token) {}

    private record AtToken(Target at, String token, String itemId) {}

    private final VendorRequests requests;
    private final Owners owners;
    private final Violations violations;
    private final Map<Holding, Long> endedAt = new HashMap<>();

    private ByVendor(VendorRequests requests, Owners owners, Violations violations) {
        this.requests = requests;
        this.owners = owners;
        this.violations = violations;
    }

    static void check(History history, VendorRequests requests, Violations violations) {
        ByVendor check = new ByVendor(requests, Owners.of(history), violations);
        for (HistoryEvent event : history.events()) {
            check.follow(event);
        }
        requests.all().forEach(check::judgeReceiver);
        check.judgeIds(history);
        check.judgeRepeats(history);
    }

    /** How often something was, or may have been, shown again: allowed, as long as it carries the same ids. */
    static long repeats(VendorRequests requests) {
        Map<AtToken, Long> shown = new HashMap<>();
        requests.all().stream().filter(request -> request.asked().mayBeSeen()).forEach(request -> key(request)
                .ifPresent(key -> shown.merge(key, 1L, Long::sum)));
        return shown.values().stream().mapToLong(times -> times - 1).sum();
    }

    private static Optional<AtToken> key(VendorRequests.Request request) {
        return request.holder()
                .map(at ->
                        new AtToken(at, request.asked().token(), request.asked().itemId()));
    }

    /** The last word on a holding is kept: what was registered again is held again. */
    private void follow(HistoryEvent event) {
        if (event instanceof HistoryEvent.TokenGiven given) {
            endedAt.remove(new Holding(given.at(), given.owner(), given.token()));
        } else if (event instanceof HistoryEvent.TokenGone gone) {
            endedAt.put(new Holding(gone.at(), gone.owner(), gone.token()), gone.atMillis());
        }
    }

    private void judgeReceiver(VendorRequests.Request request) {
        VendorAsked asked = request.asked();
        if (request.command().isEmpty()) {
            violations.add(Invariant.I4, "%s got '%s', which nobody sent there".formatted(at(asked), asked.content()));
            return;
        }
        Sends.Command command = request.command().get();
        Target holder = command.key().to();
        if (!command.possible()) {
            violations.add(Invariant.I4, "%s got %s, which was refused".formatted(at(asked), command.key()));
        }
        Set<String> ids = command.notificationIds();
        if (!ids.isEmpty() && !ids.contains(asked.itemId())) {
            violations.add(
                    Invariant.I4,
                    "%s got %s as %s, answered as %s".formatted(at(asked), command.key(), asked.itemId(), ids));
        }
        Set<String> possible = owners.possible(command);
        boolean tooLate = !possible.isEmpty()
                && possible.stream().allMatch(owner -> isOver(new Holding(holder, owner, asked.token()), asked));
        if (tooLate) {
            violations.add(
                    Invariant.I4,
                    "%s got %s of %s and %s, who do not have that token any more"
                            .formatted(at(asked), asked.itemId(), holder, possible));
        }
    }

    private boolean isOver(Holding holding, VendorAsked asked) {
        Long end = endedAt.get(holding);
        return end != null && end + ON_THE_WAY < asked.atMillis();
    }

    private void judgeIds(History history) {
        Map<List<Object>, String> itemIds = new HashMap<>();
        history.all(HistoryEvent.Item.class)
                .filter(item -> item.kind().equals("push"))
                .forEach(item -> itemIds.put(List.of(item.at(), item.content()), item.id()));
        Map<AtToken, Set<String>> vendorIds = new LinkedHashMap<>();
        for (VendorRequests.Request request : requests.all()) {
            VendorAsked asked = request.asked();
            request.holder().ifPresent(holder -> {
                String id = itemIds.putIfAbsent(List.of(holder, asked.content()), asked.itemId());
                if (id != null && !id.equals(asked.itemId())) {
                    violations.add(
                            Invariant.I3,
                            "%s: '%s' is %s and %s".formatted(holder, asked.content(), id, asked.itemId()));
                }
            });
            key(request).ifPresent(key -> vendorIds
                    .computeIfAbsent(key, each -> new HashSet<>())
                    .add(asked.vendorId()));
        }
        vendorIds.forEach((key, ids) -> {
            if (ids.size() > 1) {
                violations.add(Invariant.I3, "%s went to the vendor as %s".formatted(key, ids));
            }
        });
    }

    /**
     * What was taken is asked for again only if the server cannot have known: it died, or its journal tells of so many attempts,
     * the answer to one having come after its deadline. A stream that was refused is no attempt, the library repeats it.
     */
    private void judgeRepeats(History history) {
        long deaths = history.all(HistoryEvent.Restarted.class).count();
        Map<InJournal, Long> attempts = attempts(history);
        Map<AtToken, List<VendorAsked>> asked = new LinkedHashMap<>();
        requests.all().stream()
                .filter(request -> !request.asked().answer().equals("REFUSE_STREAM"))
                .forEach(request -> key(request).ifPresent(key -> asked.computeIfAbsent(key, each -> new ArrayList<>())
                        .add(request.asked())));
        asked.forEach((key, all) -> {
            long afterTaken = all.stream()
                    .dropWhile(each -> each.shown() != Shown.TAKEN)
                    .skip(1)
                    .count();
            long told = attempts.getOrDefault(new InJournal(key.at(), key.itemId()), 0L);
            long unexplained = afterTaken - Math.max(0, told - (all.size() - afterTaken));
            if (unexplained > deaths) {
                violations.add(
                        Invariant.I3, "%s went to the vendor %d times after it was taken".formatted(key, afterTaken));
            }
        });
    }

    private record InJournal(Target at, String itemId) {}

    private static Map<InJournal, Long> attempts(History history) {
        Map<Target, Map<Long, HistoryEvent.JournalRead>> answers = new HashMap<>();
        history.all(HistoryEvent.JournalRead.class)
                .filter(read -> read.type().equals("vendorAnswered"))
                .forEach(read -> answers.computeIfAbsent(read.at(), at -> new HashMap<>())
                        .put(read.eventSeq(), read));
        Map<InJournal, Long> attempts = new HashMap<>();
        answers.forEach((at, ofDevice) -> ofDevice.values()
                .forEach(read -> attempts.merge(
                        new InJournal(at, read.event().path("id").asText()),
                        read.event().path("attempts").asLong(),
                        Long::sum)));
        return attempts;
    }

    private static String at(VendorAsked asked) {
        return asked.channel() + " token " + asked.token();
    }
}
