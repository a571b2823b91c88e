package io.lanying.load.rig;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** What a run does, by its seed: two tenants, some phones, sends and repeats, cancels, cut connections, a new owner. */
public final class Workload {

    private static final int OUTSTANDING = 6;

    private Workload() {}

    /** Two tenants with three to five phones between them. */
    public static void populate(Rig rig) {
        Sender first = rig.tenant("acme" + rig.seed());
        Sender second = rig.tenant("globex" + rig.seed());
        int phones = 3 + rig.random().nextInt(3);
        for (int number = 0; number < phones; number++) {
            Sender sender = number % 2 == 0 ? first : second;
            rig.phone(
                    sender.service(),
                    "phone" + number,
                    "user" + number,
                    1 + rig.random().nextInt(8));
        }
    }

    /** Steps with a few outstanding, until they are done or the server is dead. */
    public static void steps(Rig rig, int count) {
        Queue<CompletableFuture<Void>> outstanding = new ArrayDeque<>();
        for (int step = 0; step < count && rig.server().alive(); step++) {
            Sender sender = rig.senders().get(rig.random().nextInt(rig.senders().size()));
            outstanding.add(sender.step(devicesOf(rig, sender)));
            if (rig.random().nextInt(30) == 0) {
                outstanding.add(sender.cancelOne());
            }
            if (rig.random().nextInt(60) == 0) {
                rig.phones()
                        .get(rig.random().nextInt(rig.phones().size()))
                        .app()
                        .cut();
            }
            while (outstanding.size() > OUTSTANDING) {
                Rig.await(outstanding.remove());
            }
        }
        outstanding.forEach(Rig::await);
    }

    private static List<String> devicesOf(Rig rig, Sender sender) {
        List<String> devices = new ArrayList<>();
        for (Phone phone : rig.phones()) {
            if (phone.service() == sender.service()) {
                devices.add(phone.device());
            }
        }
        return devices;
    }

    /** Items accepted while nobody listens, then another owner: he must not see them, but what comes after. */
    public static void leaveForNextOwner(Rig rig) {
        Phone phone = rig.phones().get(0);
        Sender sender = rig.senders().get(0);
        phone.app().close();
        for (int count = 0; count < 3; count++) {
            Rig.await(sender.sendTo(phone.device()));
        }
        rig.changeOwner(phone, "nextUser");
        for (int count = 0; count < 3; count++) {
            Rig.await(sender.sendTo(phone.device()));
        }
    }
}
