package io.lanying.load.rig;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.client.Service;
import io.lanying.load.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Sends as an impatient service does: new commands, the same command several times at once, old commands again. Remembers
 * what was not answered and repeats it with the same key until it is. One thread at a time.
 */
public final class Sender {

    private static final int MOST_AT_ONCE = 5;

    /** A command, with what is known of it. */
    public static final class Command {
        private final String device;
        private final String key;
        private final ObjectNode notification;
        private volatile String notificationId = "";
        private volatile boolean answered;

        Command(String device, String key, ObjectNode notification) {
            this.device = device;
            this.key = key;
            this.notification = notification;
        }

        public String device() {
            return device;
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

    /** @param mark stands in every body: a canary of the tenant */
    public Sender(Service service, Random random, String mark) {
        this.service = service;
        this.random = random;
        this.mark = mark;
    }

    public Service service() {
        return service;
    }

    /** What was sent so far. */
    public List<Command> commands() {
        return commands;
    }

    /** One step of a random service; completes with the answers, whatever they are. */
    public CompletableFuture<Void> step(List<String> devices) {
        int choice = random.nextInt(100);
        if (choice < 15 && !commands.isEmpty()) {
            return send(commands.get(random.nextInt(commands.size())));
        }
        Command command = newCommand(devices.get(random.nextInt(devices.size())));
        int times = choice < 40 ? 1 + random.nextInt(MOST_AT_ONCE) : 1;
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
        return accepted.map(command -> service.delete("/v1/notifications/" + command.notificationId)
                        .<Void>handle((answer, failure) -> null))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /** A new command to the device, sent once. */
    public CompletableFuture<Void> sendTo(String device) {
        return send(newCommand(device));
    }

    private Command newCommand(String device) {
        int number = commands.size();
        String key = service.tenant() + "-" + number;
        ObjectNode notification =
                Service.notification(device, "t" + number, mark + " " + "x".repeat(random.nextInt(300)));
        ObjectNode message = notification.withObject("message");
        if (random.nextInt(10) == 0) {
            message.put("collapseKey", "c" + random.nextInt(2));
        }
        if (random.nextInt(5) == 0) {
            message.put("priority", random.nextBoolean() ? "high" : "low");
        }
        Command command = new Command(device, key, notification);
        commands.add(command);
        return command;
    }

    private CompletableFuture<Void> send(Command command) {
        return service.send(command.device, command.key, command.notification).thenAccept(outcome -> {
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
}
