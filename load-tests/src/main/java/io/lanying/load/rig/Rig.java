package io.lanying.load.rig;

import io.lanying.load.check.Checker;
import io.lanying.load.check.Verdict;
import io.lanying.load.client.Answer;
import io.lanying.load.client.Api;
import io.lanying.load.client.App;
import io.lanying.load.client.CanaryScan;
import io.lanying.load.client.Entrances;
import io.lanying.load.client.Epochs;
import io.lanying.load.client.Nodes;
import io.lanying.load.client.Operator;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.Service;
import io.lanying.load.client.VendorSimulator;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One run against one real node, or several: kill, start again, tenants, devices, and a verdict at the end. For one thread;
 * waits, with limits.
 */
public final class Rig implements AutoCloseable {

    /** Longer than any single step of a run may take. */
    public static final Duration STEP = Duration.ofSeconds(60);

    /** The server's {@code push.device.window}. */
    private static final int WINDOW = 64;

    private final Entrances clientsSee;
    private final Nodes nodes;
    private final boolean guest;
    private final long seed;
    private final Random random;
    private final Recorder recorder = new Recorder();
    private final Epochs epochs = new Epochs();
    private final HttpClient http = Api.newHttpClient();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<Sender> senders = new ArrayList<>();
    private final List<Phone> phones = new ArrayList<>();
    private List<VendorSimulator> vendors = List.of();

    private Rig(Entrances clientsSee, Nodes nodes, boolean guest, long seed) {
        this.clientsSee = clientsSee;
        this.nodes = nodes;
        this.guest = guest;
        this.seed = seed;
        this.random = new Random(seed);
        recorder.add(new HistoryEvent.Window(WINDOW));
        recorder.add(new HistoryEvent.Canary("operator", ServerSettings.OPERATOR_KEY, true));
    }

    /** A run on a server that was started for it, and is killed with it. */
    public static Rig on(ServerProcess server, long seed) {
        return on(Nodes.of(server), seed);
    }

    /** A run on nodes that were started for it, and are killed with it; clients use any of them. */
    public static Rig on(Nodes nodes, long seed) {
        return new Rig(nodes.entrances(), nodes, false, seed);
    }

    /** A run on a server that others use too, so with a seed of its own; clients see it at another address. */
    public static Rig visiting(ServerProcess server, URI clientsSee, long seed) {
        return new Rig(Entrances.only(clientsSee), Nodes.of(server), true, seed);
    }

    /** The vendors that the server was pointed at; tenants made from now on have channels to them. They are not closed here. */
    public Rig with(List<VendorSimulator> simulators) {
        vendors = List.copyOf(simulators);
        return this;
    }

    public List<VendorSimulator> vendors() {
        return vendors;
    }

    public long seed() {
        return seed;
    }

    public Random random() {
        return random;
    }

    public Recorder recorder() {
        return recorder;
    }

    /** The only node, or the first. */
    public ServerProcess server() {
        return nodes.at(0);
    }

    public Nodes nodes() {
        return nodes;
    }

    public List<Phone> phones() {
        return phones;
    }

    public List<Sender> senders() {
        return senders;
    }

    /** A tenant with a sender whose every body carries the tenant's canary. */
    public Sender tenant(String tenant) {
        String mark = "canary-" + tenant + "-" + Long.toHexString(random.nextLong());
        recorder.add(new HistoryEvent.Canary(tenant, mark, true));
        Service service =
                await(new Operator(http, clientsSee, ServerSettings.OPERATOR_KEY).newTenant(tenant, recorder));
        vendors.forEach(vendor -> await(service.openChannel(vendor)).orThrow());
        // Services of a run with vendors may send at the same time, each by its own part of the seed.
        Sender sender = new Sender(service, vendors.isEmpty() ? random : new Random(random.nextLong()), mark);
        senders.add(sender);
        return sender;
    }

    /** A device, registered and connected. */
    public Phone phone(Service service, String device, String owner, int ackBatch) {
        Phone phone = newPhone(
                service, device, new Service.Registration(owner, List.of(), Optional.empty()), Phone.Manner.ATTENTIVE);
        open(phone, ackBatch);
        return phone;
    }

    /** A device, registered, with the app as its manner wants it. */
    public Phone phone(Service service, String device, Service.Registration registration, Phone.Manner manner) {
        registration
                .token()
                .ifPresent(token -> recorder.add(new HistoryEvent.Canary(service.tenant(), token.value(), true)));
        Phone phone = newPhone(service, device, registration, manner);
        behave(phone);
        return phone;
    }

    private Phone newPhone(Service service, String device, Service.Registration registration, Phone.Manner manner) {
        await(service.register(device, registration)).orThrow();
        Phone phone = new Phone(service, device, registration, manner);
        phones.add(phone);
        return phone;
    }

    /** The app does as its manner wants it, whatever it did before. */
    public void behave(Phone phone) {
        switch (phone.manner()) {
            case ATTENTIVE -> {
                if (!phone.isOpen()) {
                    open(phone, 1 + random.nextInt(8));
                }
            }
            case SILENT -> open(phone, 0);
            case AWAY -> phone.close();
            case LOST -> {}
        }
    }

    private void open(Phone phone, int ackBatch) {
        phone.close();
        String token = await(phone.service().sessionToken(phone.device()));
        recorder.add(new HistoryEvent.Canary(phone.service().tenant(), token, true));
        phone.opened(new App(http, clientsSee, phone.target(), phone.owner(), token, ackBatch, recorder, epochs, clock)
                .open());
        awaitUntil(STEP, "the device is welcomed", () -> phone.app().connected());
    }

    /** The app of the same owner comes back after it was closed. */
    public void comeBack(Phone phone) {
        open(phone, 1);
    }

    /** The device gets another owner, who opens the app; what is open for the last one must never be seen. */
    public void changeOwner(Phone phone, String owner) {
        String last = phone.owner();
        register(phone, phone.registration().of(owner));
        phone.registration().token().ifPresent(token -> recordGone(phone, last, token));
        phone.close();
        open(phone, 1);
    }

    /** Registers the device anew, until it is answered. */
    public void register(Phone phone, Service.Registration registration) {
        phone.registered(registration);
        awaitOk(() -> phone.service().register(phone.device(), registration));
    }

    /** Waits until the server says that the token, which is another device's by now, is not this one's any more. */
    public void loseToken(Phone phone) {
        awaitUntil(STEP, "the token is taken away", () -> await(phone.service().view(phone.device()))
                .path("tokens")
                .isEmpty());
        phone.registration().token().ifPresent(token -> recordGone(phone, phone.owner(), token));
    }

    private void recordGone(Phone phone, String owner, Service.Token token) {
        recorder.add(new HistoryEvent.TokenGone(phone.target(), owner, token.value(), System.currentTimeMillis()));
    }

    /** Repeats an idempotent call until it is answered with success. */
    private static void awaitOk(Calls call) {
        awaitUntil(STEP, "the call is answered", () -> call.once()
                .handle((answer, failure) -> failure == null && answer.ok())
                .join());
    }

    /** A call that may be repeated. */
    private interface Calls {
        CompletableFuture<Answer> once();
    }

    /** {@code kill -9} of the only node, and a new life on the same data. */
    public void killAndRestart() {
        nodes.kill(0);
        restart();
    }

    /** A new life after the last one of the only node ended, without any agent it had. */
    public void restart() {
        nodes.startAgain(0);
        recorder.add(new HistoryEvent.Restarted());
    }

    /** {@code kill -9} of one of several nodes: the others go on with what it had. */
    public void kill(int place) {
        nodes.kill(place);
        recorder.add(new HistoryEvent.Restarted());
    }

    /** Waits until all sends are answered and every phone has received and acknowledged all, then records how things stand. */
    public void settle() {
        awaitSent();
        Audit audit = new Audit(recorder, random);
        phones.stream().filter(phone -> !phone.isOpen()).forEach(audit::awaitVendors);
        phones.stream()
                .filter(phone -> phone.manner() == Phone.Manner.SILENT || phone.manner() == Phone.Manner.AWAY)
                .forEach(this::comeBack);
        List<Phone> open = phones.stream().filter(Phone::isOpen).toList();
        awaitUntil(STEP, "every device is connected", () -> open.stream()
                .allMatch(phone -> phone.app().connected()));
        open.forEach(audit::drain);
        phones.forEach(audit::readJournal);
        senders.forEach(audit::readFates);
        senders.forEach(audit::readCounts);
        vendors.forEach(vendor -> vendor.recordNews(recorder));
    }

    /** Waits until every send is answered, and every audience asked. */
    public void awaitSent() {
        awaitSent(senders);
    }

    /** The same of some senders: while it waits, nobody else may use them. */
    public static void awaitSent(List<Sender> of) {
        of.forEach(sender -> awaitUntil(STEP, "every send is answered", () -> {
            await(sender.repeatUnanswered());
            return sender.allAnswered();
        }));
        of.forEach(sender -> awaitUntil(STEP, "every audience is asked", () -> await(sender.areAudiencesAsked())));
    }

    /** Holds what there is of the history against the promises. */
    public Verdict check() {
        return Checker.check(recorder.history());
    }

    /** Stops the server in order, node after node, searches its files and others, and checks. */
    public Verdict stopAndCheck(List<Path> otherFiles) {
        phones.forEach(Phone::close);
        nodes.drainAll();
        nodes.directories().forEach(directory -> CanaryScan.record(directory, recorder));
        otherFiles.forEach(files -> CanaryScan.record(files, recorder));
        return check();
    }

    /** Records how many threads and how much memory each node has, against their limits. */
    public void measure(long mostThreads, long mostBytes) {
        for (int place = 0; place < nodes.places(); place++) {
            ServerProcess node = nodes.at(place);
            if (node.alive()) {
                recorder.add(new HistoryEvent.Measured("threads", node.threads(), mostThreads));
                recorder.add(new HistoryEvent.Measured("resident bytes", node.residentBytes(), mostBytes));
            }
        }
    }

    /** The value of a future that must come. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(STEP.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no answer", e);
        }
    }

    /** Asks again and again; too late is a failure of the run, not of a promise. */
    public static void awaitUntil(Duration limit, String what, BooleanSupplier holds) {
        if (!holdsWithin(limit, holds)) {
            throw new IllegalStateException("not within " + limit + ": " + what);
        }
    }

    /** Whether it came to hold in time. */
    public static boolean holdsWithin(Duration limit, BooleanSupplier holds) {
        long end = System.nanoTime() + limit.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(20_000_000);
        }
        return true;
    }

    @Override
    public void close() {
        phones.forEach(Phone::close);
        clock.shutdownNow();
        if (!guest) {
            nodes.close();
        }
    }
}
