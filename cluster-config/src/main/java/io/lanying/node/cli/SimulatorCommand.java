package io.lanying.node.cli;

import io.lanying.channels.simulator.apns.ApnsRule;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.fcm.FcmRule;
import io.lanying.channels.simulator.fcm.FcmSimulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lanying simulator}: a push vendor on this machine, with faults by script, until it is ended. */
@Command(
        name = "simulator",
        description =
                "A push vendor on this machine, for trying and testing: takes what the vendor would take, and fails by script.",
        mixinStandardHelpOptions = true)
public final class SimulatorCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Apple's push service over HTTP/2 and TLS. */
    @Command(
            name = "apns",
            description = "Apple's push service over HTTP/2 and TLS. Prints the settings of a node that is to use it.",
            mixinStandardHelpOptions = true)
    int apns(
            @Option(
                            names = "--port",
                            description = "Where to listen on the loopback address; 0 for a free one.",
                            defaultValue = "2197")
                    int port,
            @Option(
                            names = "--trust",
                            required = true,
                            description = "Writes the certificate that clients must trust to this file.")
                    Path trust,
            @Option(
                            names = "--credential",
                            description = "Writes a credential for PUT /v1/channels/apns/production to this file.")
                    @Nullable
                    Path credential,
            @Option(
                            names = "--rule",
                            description =
                                    "What to do other than taking all, such as 'share=0.1 status=503 reason=ServiceUnavailable'; the first that matches decides.")
                    @Nullable
                    List<String> rules,
            @Option(
                            names = "--seed",
                            description = "Of the random numbers that shares are drawn with.",
                            defaultValue = "1")
                    long seed,
            @Mixin SimulatorDesk desk)
            throws IOException {
        try (desk;
                ApnsSimulator simulator = ApnsSimulator.start(
                        ApnsSimulator.Options.defaults().port(port).seed(seed))) {
            simulator.onRequest(desk.apns());
            simulator.rules(apnsRules(given(rules)));
            simulator.writeTrust(trust);
            write(credential, SimulatedCredentials.apns(simulator));
            say("lanying simulator apns " + simulator.endpoint());
            say("LANYING_APNS_ENDPOINT=" + simulator.endpoint() + " LANYING_APNS_TRUST=" + trust.toAbsolutePath());
            return desk.untilEnded(lines -> simulator.rules(apnsRules(lines)), this::say);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()));
        }
    }

    /** Google's push service over HTTP. */
    @Command(
            name = "fcm",
            description = "Google's push service over HTTP. Prints the settings of a node that is to use it.",
            mixinStandardHelpOptions = true)
    int fcm(
            @Option(
                            names = "--port",
                            description = "Where to listen on the loopback address; 0 for a free one.",
                            defaultValue = "2198")
                    int port,
            @Option(
                            names = "--credential",
                            description = "Writes a credential for PUT /v1/channels/fcm/production to this file.")
                    @Nullable
                    Path credential,
            @Option(
                            names = "--rule",
                            description =
                                    "What to do other than taking all, such as 'share=0.1/7 UNAVAILABLE:30'; the first that matches decides.")
                    @Nullable
                    List<String> rules,
            @Mixin SimulatorDesk desk)
            throws IOException {
        try (desk;
                FcmSimulator simulator = FcmSimulator.start(port)) {
            simulator.onRequest(desk.fcm());
            simulator.rules(fcmRules(given(rules)));
            write(credential, SimulatedCredentials.fcm(simulator));
            say("lanying simulator fcm " + simulator.endpoint());
            say("LANYING_FCM_ENDPOINT=" + simulator.endpoint() + " LANYING_FCM_TOKEN_ENDPOINT="
                    + simulator.tokenEndpoint());
            return desk.untilEnded(lines -> simulator.rules(fcmRules(lines)), this::say);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> given(@Nullable List<String> rules) {
        return rules == null ? List.of() : rules;
    }

    private static ApnsRule[] apnsRules(List<String> lines) {
        return lines.stream().map(ApnsRule::parse).toArray(ApnsRule[]::new);
    }

    private static List<FcmRule> fcmRules(List<String> lines) {
        return lines.stream().map(FcmRule::parse).toList();
    }

    private static void write(@Nullable Path file, byte[] credential) throws IOException {
        if (file != null) {
            Files.write(file, credential);
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
