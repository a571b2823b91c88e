package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import java.util.List;

/** I9: no tenant receives another's canary. I10: no canary that must be sealed or hashed stands in a file. */
final class NoLeaks {

    private NoLeaks() {}

    static void check(History history, Violations violations) {
        List<HistoryEvent.Canary> canaries =
                history.all(HistoryEvent.Canary.class).toList();
        history.all(HistoryEvent.Received.class).forEach(received -> {
            for (HistoryEvent.Canary canary : canaries) {
                if (!canary.tenant().equals(received.tenant())
                        && received.text().contains(canary.text())) {
                    violations.add(
                            Invariant.I9,
                            "tenant %s received %s of tenant %s in %s"
                                    .formatted(received.tenant(), canary.text(), canary.tenant(), received.source()));
                }
            }
        });
        history.all(HistoryEvent.Scanned.class).forEach(scanned -> {
            if (!scanned.found().isEmpty()) {
                violations.add(Invariant.I10, "%s holds %s in clear".formatted(scanned.file(), scanned.found()));
            }
        });
    }
}
