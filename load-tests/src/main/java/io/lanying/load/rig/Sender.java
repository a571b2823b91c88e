package io.lanying.load.rig;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.client.Service;
import io.lanying.load.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Sends as an impatient service does: new commands, the same command several times at once, old commands again. Remembers
 * what was not answered and repeats it with the same key until it is. One thread at a time.
 */
public final class Sender {

    private static final int MOST_AT_ONCE = 5;
    private static final int MOST_PADDING = 300;
    private static final Set<String> SENDING = Set.of("scheduled", "sending", "recalling");

    /** A command, with what is known of it. */
    public static final class Command {
        private final List<String> devices;
        private final boolean many;
        private final String key;
        private final ObjectNode notification;
        private volatile String notificationId = "";
        private volatile boolean answered;
        private volatile boolean asked;

        Command(List<String> devices, boolean many, String key, ObjectNode notification) {
            this.devices = List.copyOf(devices);
            this.many = many;
            this.key = key;
            this.notification = notification;
        }

        /** Whom it is for. */
        public List<String> devices() {
            return devices;
        }

        /** Whether it was sent to an audience. */
        public boolean many() {
            return many;
        }

        /** Whether it needs no repeating any more: it was accepted, or refused for good. */
        public boolean answered() {
            return answered;
        }

        /** Empty until it was accepted. */
        public String notificationId() {
            return notificationId;
        }
    }

    private final Service service;
    private final Random random;
    private final String mark;
    private final List<Command> commands = new ArrayList<>();
    private int ackTimeoutSeconds;
    private int audiencesIn100;
    private boolean insists;

    /** @param mark stands in every body: a canary of the tenant */
    public Sender(Service service, Random random, String mark) {
        this.service = service;
        this.random = random;
        this.mark = mark;
    }

    public Service service() {
        return service;
    }

    /** The tenant's canary, which stands in every body. */
    public String mark() {
        return mark;
    }

    /** From now on sessions have so long to acknowledge before vendors are asked. */
    public void ackTimeout(int seconds) {
        ackTimeoutSeconds = seconds;
    }

    /** From now on this many of a hundred steps are notifications to an audience of the phones. */
    public void audiences(int in100) {
        audiencesIn100 = in100;
    }

    /** From now on each step sends its command one to {@value #MOST_AT_ONCE} times at once, and not only every fourth. */
    public void insist() {
        insists = true;
    }

    /** What was sent so far. */
    public List<Command> commands() {
        return commands;
    }

    /** One step of a random service; completes with the answers, whatever they are. */
    public CompletableFuture<Void> step(List<Phone> phones) {
        int choice = random.nextInt(100);
        if (choice < 15 && !commands.isEmpty()) {
            return send(commands.get(random.nextInt(commands.size())));
        }
        boolean many = audiencesIn100 > 0 && random.nextInt(100) < audiencesIn100;
        Command command = many
                ? newCommand(Audience.random(phones, random))
                : newCommand(phones.get(random.nextInt(phones.size())).device());
        int times = insists || choice < 40 ? 1 + random.nextInt(MOST_AT_ONCE) : 1;
        List<CompletableFuture<Void>> sends = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            sends.add(send(command));
        }
        return CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new));
    }

    /** Cancels one accepted push at random, if there is one; the answer does not matter. */
    public CompletableFuture<Void> cancelOne() {
        Optional<Command> accepted = commands.stream()
                .skip(random.nextInt(Math.max(1, commands.size())))
                .filter(command -> !command.notificationId.isEmpty())
                .findFirst();
        return accepted.map(command -> service.cancel(command.notificationId))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /** A new command to the device, sent once. */
    public CompletableFuture<Void> sendTo(String device) {
        return send(newCommand(device));
    }

    /** A new command to an audience, sent once. */
    public CompletableFuture<Void> sendTo(Audience audience) {
        return send(newCommand(audience));
    }

    private Command newCommand(Audience audience) {
        ObjectNode notification = newNotification(random.nextInt(MOST_PADDING));
        notification.set("audience", audience.json());
        return newCommand(audience.devices(), true, notification);
    }

    /** A new command to the device, not sent yet. */
    public Command newCommand(String device) {
        return newCommand(device, random.nextInt(MOST_PADDING));
    }

    /** The same with a text of some size. */
    public Command newCommand(String device, int padding) {
        ObjectNode notification = newNotification(padding);
        notification.withObject("audience").putArray("devices").add(device);
        return newCommand(List.of(device), false, notification);
    }

    private Command newCommand(List<String> devices, boolean many, ObjectNode notification) {
        Command command = new Command(devices, many, service.tenant() + "-" + commands.size(), notification);
        commands.add(command);
        return command;
    }

    private ObjectNode newNotification(int padding) {
        ObjectNode notification = Service.message("t" + commands.size(), mark + " " + "x".repeat(padding));
        if (ackTimeoutSeconds > 0) {
            notification.withObject("delivery").put("ackTimeoutSeconds", ackTimeoutSeconds);
        }
        ObjectNode message = notification.withObject("message");
        if (random.nextInt(10) == 0) {
            message.put("collapseKey", "c" + random.nextInt(2));
        }
        if (random.nextInt(5) == 0) {
            message.put("priority", random.nextBoolean() ? "high" : "low");
        }
        return notification;
    }

    /** Sends it once, for the first time or again. */
    public CompletableFuture<Void> send(Command command) {
        CompletableFuture<HistoryEvent> sent = command.many
                ? service.sendToMany(command.devices, command.key, command.notification)
                : service.send(command.devices.get(0), command.key, command.notification);
        return sent.thenAccept(outcome -> {
            if (outcome instanceof HistoryEvent.Ok ok) {
                command.notificationId = ok.notificationId();
                command.answered = true;
            } else if (outcome instanceof HistoryEvent.Refused refused
                    && refused.status() != 429
                    && refused.status() < 500) {
                command.answered = true;
            }
        });
    }

    /** Repeats what has no answer yet, once. */
    public CompletableFuture<Void> repeatUnanswered() {
        List<CompletableFuture<Void>> repeats = new ArrayList<>();
        for (Command command : commands) {
            if (!command.answered) {
                repeats.add(send(command));
            }
        }
        return CompletableFuture.allOf(repeats.toArray(CompletableFuture[]::new));
    }

    public boolean allAnswered() {
        return commands.stream().allMatch(command -> command.answered);
    }

    /** Whether every accepted audience has been asked to its last device, or was taken back. */
    CompletableFuture<Boolean> areAudiencesAsked() {
        CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
        for (Command command : commands) {
            if (command.many && !command.asked && !command.notificationId.isEmpty()) {
                all = all.thenCompose(before -> service.notificationView(command.notificationId)
                        .thenApply(view -> {
                            command.asked =
                                    !SENDING.contains(view.path("status").asText());
                            return before && command.asked;
                        }));
            }
        }
        return all;
    }
}
