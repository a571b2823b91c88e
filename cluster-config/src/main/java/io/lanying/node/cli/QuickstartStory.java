package io.lanying.node.cli;

import io.lanying.node.cli.Audit.Standing;
import io.lanying.node.cli.NotificationFile.Line;
import io.lanying.node.cli.NotificationSender.Kind;
import io.lanying.node.cli.NotificationSender.Sent;
import io.lanying.node.cli.QuickstartDevice.Item;
import io.lanying.protocol.wire.ServerFrame;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the quickstart does, act by act. Every line it prints is from an answer of the API; a mismatch ends it. */
final class QuickstartStory {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LANES = 8;
    /** Accepted of the second wave when the node is killed: it is in the middle of its work then. */
    private static final int ACCEPTED_BEFORE_KILL = 10;

    private static final int SHOWN_FIRST = 5;
    private static final int SHOWN_THEN_EACH = 20;

    private final PrintWriter out;
    private final QuickstartNode node;
    private final QuickstartVendors vendors;
    private final List<Line> lines;
    private final List<String> devices;
    private final List<Sent> sent = new ArrayList<>();

    QuickstartStory(PrintWriter out, QuickstartNode node, QuickstartVendors vendors, List<Line> lines) {
        this.out = out;
        this.vendors = vendors;
        this.node = node;
        this.lines = lines;
        this.devices = lines.stream().map(Line::lane).distinct().toList();
        if (devices.size() < 2 || lines.size() < 30) {
            throw new CommandFailed("the notifications must be 30 or more, for two or more devices: "
                    + "one acknowledges, another does not while the node is killed");
        }
    }

    /** What the quickstart leaves behind. */
    record Told(QuickstartTenant.Made tenant, String listener) {}

    Told tell(String operatorKey) {
        say("Starting a node");
        URI url = startNode(vendors.environment());
        say("A tenant, its key and its devices");
        QuickstartTenant setup = new QuickstartTenant(out);
        QuickstartTenant.Made tenant = setup.make(new Api(url, operatorKey));
        setup.register(tenant.api(), devices);
        vendors.open(tenant.api());
        vendors.tell(tenant.api());
        new QuickstartTalk(out, tenant.api(), vendors).tell();
        vendors.shut(tenant.api());
        Audit audit = new Audit(tenant.api());
        try (QuickstartDevice talking = open(tenant.api(), devices.get(0), true, this::show)) {
            try (QuickstartDevice silent = open(tenant.api(), devices.get(1), false, item -> {})) {
                sendFirst(tenant.api(), audit, silent);
                killAndRestart(tenant.api(), audit);
            }
            everybodyReceives(tenant.api(), audit, talking);
        }
        new QuickstartLookBack(out, audit).tell(devices.get(1), sent);
        return new Told(tenant, devices.get(0));
    }

    private URI startNode(Map<String, String> environment) {
        URI url = URI.create(node.start(environment));
        try {
            out.println("  node " + url + ", process " + node.pid() + ": GET /v1/admin/tenants without a key answers "
                    + new Api(url, "none").get("/v1/admin/tenants").status());
        } catch (IOException e) {
            throw new CommandFailed("the node does not answer at " + url, e);
        }
        return url;
    }

    private void sendFirst(Api api, Audit audit, QuickstartDevice silent) {
        List<Line> first = lines.subList(0, lines.size() * 2 / 3);
        say("Sending " + first.size() + " of " + lines.size() + " notifications; " + devices.get(0)
                + " is connected and acknowledges, " + devices.get(1) + " is connected and does not, others are away");
        sent.addAll(send(api, first, one -> {}));
        await(
                "what " + devices.get(0) + " was sent is acknowledged",
                () -> audit.standing(devices.get(0)).open() == 0);
        await(devices.get(1) + " received something", () -> !silent.received().isEmpty());
    }

    private void killAndRestart(Api api, Audit audit) {
        say("Killing the node with kill -9 while more is being sent");
        Map<String, List<Item>> before = items(audit);
        long open = 0;
        for (String device : devices) {
            Standing standing = audit.standing(device);
            open += standing.open();
            out.println(
                    "  " + device + ": " + standing.lastSeq() + " accepted, " + standing.ackedSeq() + " acknowledged");
        }
        if (open == 0) {
            throw new CommandFailed("nothing was accepted and unacknowledged: killing the node would show nothing");
        }
        List<Line> second = lines.subList(lines.size() * 2 / 3, lines.size());
        CountDownLatch accepted = new CountDownLatch(ACCEPTED_BEFORE_KILL);
        CompletableFuture<List<Sent>> sending =
                CompletableFuture.supplyAsync(() -> send(api, second, one -> accepted.countDown()));
        awaitLatch(accepted);
        long pid = node.kill();
        out.println("  process " + pid + " killed with " + open + " or more items accepted and not acknowledged");
        say("Starting it again; the senders repeat what was not answered, with the same keys");
        startNode(Map.of());
        sent.addAll(sending.join());
        compare(before, items(audit));
    }

    /** Everything from before is there with its number and id, everything accepted is there once, numbers have no gap. */
    private void compare(Map<String, List<Item>> before, Map<String, List<Item>> after) {
        for (String device : devices) {
            List<Item> was = before.getOrDefault(device, List.of());
            List<Item> is = after.getOrDefault(device, List.of());
            List<String> ids = is.stream().map(Item::id).toList();
            List<String> accepted = sent.stream()
                    .filter(one -> one.line().lane().equals(device))
                    .map(Sent::text)
                    .sorted()
                    .toList();
            require(
                    is.size() >= was.size() && is.subList(0, was.size()).equals(was),
                    device + " lost or changed items");
            require(ids.stream().sorted().toList().equals(accepted), device + "'s journal is not what was accepted");
            for (int i = 0; i < is.size(); i++) {
                require(
                        is.get(i).itemSeq() == i + 1,
                        device + " has a gap before item " + is.get(i).itemSeq());
            }
            out.println("  " + device + ": " + was.size() + " items before, the same " + was.size()
                    + " by number and id after, " + is.size() + " in all: as many as accepted, no gap");
        }
    }

    private void everybodyReceives(Api api, Audit audit, QuickstartDevice talking) {
        say("All devices connect and acknowledge");
        Map<String, QuickstartDevice> open = new LinkedHashMap<>();
        open.put(devices.get(0), talking);
        try {
            devices.stream().skip(1).forEach(id -> open.put(id, open(api, id, true, item -> {})));
            for (Map.Entry<String, QuickstartDevice> connected : open.entrySet()) {
                String device = connected.getKey();
                await(
                        device + " acknowledged everything",
                        () -> audit.standing(device).open() == 0);
                List<Item> received = connected.getValue().received();
                require(
                        received.equals(audit.items(device)),
                        device + " did not receive each item once and in order: " + received.size() + " received");
                out.println("  " + device + ": received " + received.size() + " items once and in order, acknowledged "
                        + audit.standing(device).ackedSeq());
            }
        } finally {
            open.values().forEach(QuickstartDevice::close);
        }
    }

    private List<Sent> send(Api api, List<Line> some, Consumer<Sent> each) {
        List<Sent> answers = new NotificationSender(api, LANES, PATIENCE).send(some, one -> {
            if (one.kind() == Kind.ACCEPTED) {
                each.accept(one);
            }
        });
        List<Sent> failed =
                answers.stream().filter(one -> one.kind() != Kind.ACCEPTED).toList();
        require(
                failed.isEmpty(),
                failed.size() + " notifications were not accepted"
                        + failed.stream()
                                .findFirst()
                                .map(one -> ", the first for " + one.text())
                                .orElse(""));
        out.println("  " + answers.size() + " of " + some.size() + " answered 202 accepted");
        return answers;
    }

    private QuickstartDevice open(Api api, String device, boolean acknowledges, Consumer<ServerFrame.Item> shown) {
        return new QuickstartDevice(
                api.http(), api.base(), device, () -> ListenCommand.sessionToken(api, device), acknowledges, shown);
    }

    private void show(ServerFrame.Item item) {
        if (item.itemSeq() <= SHOWN_FIRST || item.itemSeq() % SHOWN_THEN_EACH == 0) {
            out.println("  " + devices.get(0) + " received " + ListenCommand.describe(item));
            out.flush();
        }
    }

    private Map<String, List<Item>> items(Audit audit) {
        Map<String, List<Item>> items = new LinkedHashMap<>();
        devices.forEach(device -> items.put(device, audit.items(device)));
        return items;
    }

    private void say(String line) {
        out.println();
        out.println(line);
        out.flush();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CommandFailed("mismatch: " + otherwise);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new CommandFailed("mismatch: nothing more was accepted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted", e);
        }
    }

    static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new CommandFailed("mismatch: not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailed("interrupted", e);
            }
        }
    }
}
