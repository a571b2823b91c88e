package io.lanying.http.push;

import io.lanying.http.entity.NotificationPartEntities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.notification.FateCount;
import io.lanying.protocol.notification.NotificationPartCommand.Count;
import io.lanying.protocol.notification.NotificationPartReply.Counts;
import io.lanying.protocol.notification.NotificationParts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Adds up what the companions of a notification know of its devices, a few companions at a time. */
final class FateCounts {

    private static final int AT_ONCE = 16;

    private final NotificationPartEntities companions;

    FateCounts(NotificationPartEntities companions) {
        this.companions = companions;
    }

    /** All counts; the same fate and channel may come more than once. */
    CompletionStage<List<FateCount>> of(EntityId notification, List<Integer> parts) {
        CompletionStage<List<FateCount>> all = CompletableFuture.completedFuture(List.of());
        for (int lane = 0; lane < Math.min(AT_ONCE, parts.size()); lane++) {
            all = all.thenCombine(lane(notification, parts, lane), FateCounts::joined);
        }
        return all;
    }

    /** One companion after the other. */
    private CompletionStage<List<FateCount>> lane(EntityId notification, List<Integer> parts, int index) {
        if (index >= parts.size()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return companions
                .ask(NotificationParts.id(notification, parts.get(index)), Count::new)
                .thenCompose(reply -> lane(notification, parts, index + AT_ONCE)
                        .thenApply(rest -> joined(reply instanceof Counts counts ? counts.counts() : List.of(), rest)));
    }

    private static List<FateCount> joined(List<FateCount> some, List<FateCount> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
