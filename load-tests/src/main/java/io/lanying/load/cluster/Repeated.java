package io.lanying.load.cluster;

import io.lanying.load.history.HistoryEvent;
import io.lanying.load.rig.Sender;

/** Everything is sent one to five times at the same moment, each time to any node, and one of the nodes is killed meanwhile. */
final class Repeated implements Harm {

    private final KilledOne killed = new KilledOne(true);

    @Override
    public void prepare(Scene scene) {
        scene.rig().senders().forEach(Sender::insist);
    }

    @Override
    public void strike(Scene scene) {
        killed.strike(scene);
    }

    @Override
    public void heal(Scene scene) {
        killed.heal(scene);
    }

    /** That no key has two numbers is the checker's to say (I3). */
    @Override
    public void report(Scene scene) {
        long keys = scene.rig().senders().stream()
                .mapToLong(sender -> sender.commands().size())
                .sum();
        long again = scene.rig()
                .recorder()
                .history()
                .all(HistoryEvent.Ok.class)
                .filter(HistoryEvent.Ok::replayed)
                .count();
        scene.figure("keys", keys);
        scene.figure("answers that repeat the first one", again);
    }
}
