package io.lanying.load.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures pushes to Apple through our channel beside Pushy alone, over TLS and HTTP/2 to the same stand-in for Apple, which
 * does as little as can be. Ours is what a node has between a device and the network: admission, credential, pace, breaker,
 * opening of what is sealed, payload, deadline; no device and no journal. Exits 1 if a push was not accepted.
 */
@Command(
        name = "apns",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Pushes to Apple through our channel, beside Pushy alone.")
final class ApnsBench implements Callable<Integer> {

    private static final String LOAD = "io.lanying.micro.apns.ApnsLoad";
    private static final String PUSHY = "pushy";
    private static final String CHANNEL = "channel";
    private static final String CALLBACKS = "callbacks";
    private static final String REFUSED = "not accepted";

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--outstanding", defaultValue = "500", description = "Pushes on their way at once.")
    private int outstanding = 500;

    @Option(names = "--warm-up", defaultValue = "40", description = "Seconds before measuring each.")
    private int warmUpSeconds = 40;

    @Option(names = "--seconds", defaultValue = "20", description = "Measured seconds of each.")
    private int seconds = 20;

    /** What one way did, and what it and the stand-in used for it. */
    private record Done(long accepted, long others, double seconds, double sender, double standIn) {

        double perSecond() {
            return accepted / seconds;
        }

        double micros(double cpu) {
            return cpu * 1e6 / Math.max(1, accepted);
        }
    }

    @Override
    public Integer call() throws Exception {
        options.demand(
                outstanding > 0 && outstanding <= 1000 && seconds > 0 && options.runs() > 0,
                "outstanding are 1 to 1000, seconds and runs 1 or more");
        System.out.printf(
                "bench: %d runs; each sends for %d+%d s by Pushy alone and through our channel, %d under way, over TLS to the"
                        + " same server%n",
                options.runs(), warmUpSeconds, seconds, outstanding);
        List<SideRun> done = options.each(this::run);
        SideRun.report(
                options,
                "APNs: our channel beside Pushy alone",
                List.of(
                        "closed loop, %d under way; %d s after %d s of warm-up each, new processes each"
                                .formatted(outstanding, seconds, warmUpSeconds),
                        "Pushy alone: payloads that are ready, one thread sends; from its own callbacks: the next push by the"
                                + " answer's callback, so that writes gather by the hundred; all: two connections, two threads, one signing key; the"
                                + " server is Pushy's own for benchmarks",
                        "our channel: sealed messages of 300 bytes, from the node's channel manager to the vendor's answer;"
                                + " keys at hand, no device, no journal"),
                "none",
                done);
        return done.stream().allMatch(run -> run.get(REFUSED) == 0) ? 0 : 1;
    }

    private SideRun run(int number) throws IOException {
        SideRun run = new SideRun();
        Map<String, Done> done = new HashMap<>();
        // In turn, so that neither always has the quieter machine.
        for (String way : number % 2 == 1 ? List.of(PUSHY, CHANNEL, CALLBACKS) : List.of(CALLBACKS, CHANNEL, PUSHY)) {
            done.put(way, send(way));
            System.out.printf(
                    "bench:   %s: %.0f requests/s%n", way, of(done, way).perSecond());
        }
        Done pushy = of(done, PUSHY);
        Done channel = of(done, CHANNEL);
        tell("Pushy alone", pushy, run);
        tell("our channel", channel, run);
        tell("Pushy from its own callbacks", of(done, CALLBACKS), run);
        run.put("requests/s, our channel / Pushy", channel.perSecond() / pushy.perSecond());
        run.put(
                "CPU per request, our channel / Pushy",
                channel.micros(channel.sender()) / pushy.micros(pushy.sender()));
        run.put(
                REFUSED,
                (double) pushy.others() + channel.others() + of(done, CALLBACKS).others());
        return run;
    }

    private static Done of(Map<String, Done> done, String way) {
        Done found = done.get(way);
        if (found == null) {
            throw new IllegalStateException(way + " was not run");
        }
        return found;
    }

    private Done send(String way) throws IOException {
        try (AppleStandIn standIn = new AppleStandIn();
                MicroProgram sender = sender(standIn, way)) {
            CpuClock senders = CpuClock.ofTree(sender.pid());
            CpuClock standIns = standIn.clock();
            sender.line("measuring");
            double sendersBefore = senders.seconds();
            double standInsBefore = standIns.seconds();
            String[] words = sender.line("measured").split(" ", -1);
            return new Done(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    Double.parseDouble(words[2]),
                    senders.seconds() - sendersBefore,
                    standIns.seconds() - standInsBefore);
        }
    }

    private MicroProgram sender(AppleStandIn standIn, String way) throws IOException {
        List<String> jvmOptions = new ArrayList<>(MicroProgram.NODE_OPTIONS);
        Stream.of(options.javaOpts().split(" ", -1))
                .filter(option -> !option.isEmpty())
                .forEach(jvmOptions::add);
        return MicroProgram.start(
                LOAD,
                jvmOptions,
                way,
                Integer.toString(standIn.port()),
                standIn.trust().toString(),
                Integer.toString(warmUpSeconds),
                Integer.toString(seconds),
                Integer.toString(outstanding));
    }

    private static void tell(String who, Done done, SideRun run) {
        run.put(who + ", requests/s", done.perSecond());
        run.put(who + ", CPU per request, µs", done.micros(done.sender()));
        run.put(who + ", the server's CPU per request, µs", done.micros(done.standIn()));
    }
}
