package io.lanying.load.rig;

import io.lanying.load.client.Service;
import io.lanying.load.client.VendorSimulator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        steps(rig, rig.senders(), count);
    }

    /** The same by some of the services. */
    public static void steps(Rig rig, List<Sender> senders, int count) {
        Queue<CompletableFuture<Void>> outstanding = new ArrayDeque<>();
        for (int step = 0; step < count && rig.nodes().anyAlive(); step++) {
            Sender sender = senders.get(rig.random().nextInt(senders.size()));
            outstanding.add(sender.step(phonesOf(rig, sender)));
            if (rig.random().nextInt(30) == 0) {
                outstanding.add(sender.cancelOne());
            }
            if (rig.random().nextInt(60) == 0) {
                cut(rig.phones().get(rig.random().nextInt(rig.phones().size())));
            }
            while (outstanding.size() > OUTSTANDING) {
                Rig.await(outstanding.remove());
            }
        }
        outstanding.forEach(Rig::await);
    }

    private static void cut(Phone phone) {
        if (phone.isOpen()) {
            phone.app().cut();
        }
    }

    /** The sender's tenant's phones. */
    public static List<Phone> phonesOf(Rig rig, Sender sender) {
        return rig.phones().stream()
                .filter(phone -> phone.service() == sender.service())
                .toList();
    }

    /** Two tenants with phones that vendors can reach, of each manner and each vendor; a part of the sends is to many. */
    public static List<Sender> populateWithVendors(Rig rig) {
        List<Sender> senders = new ArrayList<>();
        for (String name : List.of("acme", "globex")) {
            Sender sender = rig.tenant(name + rig.seed());
            senders.add(sender);
            sender.ackTimeout(1);
            sender.audiences(10);
            for (VendorSimulator vendor : rig.vendors()) {
                for (Phone.Manner manner : Phone.Manner.values()) {
                    String device =
                            vendor.kind().channel() + "-" + manner.name().toLowerCase(Locale.ROOT);
                    List<String> tags = List.of(vendor.kind().channel(), "everybody");
                    rig.phone(
                            sender.service(),
                            device,
                            new Service.Registration(userOf(manner), tags, Optional.empty())
                                    .with(newToken(rig, vendor.kind())),
                            manner);
                }
            }
        }
        return senders;
    }

    /** Two phones each: the ones on a connection, and the others. */
    private static String userOf(Phone.Manner manner) {
        return manner == Phone.Manner.ATTENTIVE || manner == Phone.Manner.SILENT ? "user0" : "user1";
    }

    /** A token of a form that the vendor takes, which nobody had before. */
    public static Service.Token newToken(Rig rig, VendorSimulator.Kind vendor) {
        StringBuilder hex = new StringBuilder();
        for (int part = 0; part < 4; part++) {
            hex.append(HexFormat.of().toHexDigits(rig.random().nextLong()));
        }
        return new Service.Token(vendor, hex.toString());
    }

    /** The apps do again as their manners want it, after a run had settled. */
    public static void scatter(Rig rig) {
        rig.phones().forEach(rig::behave);
    }

    /**
     * A token goes to another device, as when an app is installed anew: what is sent to the first one after it was told must
     * not be shown on that token.
     */
    public static void moveToken(Rig rig) {
        rig.awaitSent();
        Phone first = rig.phones().stream()
                .filter(phone -> phone.manner() == Phone.Manner.AWAY)
                .findFirst()
                .orElseThrow();
        Sender sender = rig.senders().stream()
                .filter(each -> each.service() == first.service())
                .findFirst()
                .orElseThrow();
        Phone next = rig.phone(first.service(), "next", first.registration(), Phone.Manner.LOST);
        rig.loseToken(first);
        for (int count = 0; count < 5; count++) {
            Rig.await(sender.sendTo(first.device()));
            Rig.await(sender.sendTo(next.device()));
        }
    }

    /** Items accepted while nobody listens, then another owner: he must not see them, but what comes after. */
    public static void leaveForNextOwner(Rig rig) {
        Phone phone = rig.phones().get(0);
        Sender sender = rig.senders().get(0);
        if (sender.commands().stream().anyMatch(Sender.Command::many)) {
            rig.awaitSent(); // who belongs to an audience is known as long as nobody changes meanwhile
        }
        phone.close();
        for (int count = 0; count < 3; count++) {
            Rig.await(sender.sendTo(phone.device()));
        }
        rig.changeOwner(phone, "nextUser");
        for (int count = 0; count < 3; count++) {
            Rig.await(sender.sendTo(phone.device()));
        }
    }
}
