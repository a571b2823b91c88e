package io.lanying.load.agent;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * The agent's entry. Arguments are {@code name=value}, separated by commas:
 *
 * <ul>
 *   <li>{@code point}, {@code hit}, {@code armed}: die at that hit of a {@link CrashPoint} after the file appeared;
 *   <li>{@code ahead}: have the process believe that it is so many seconds later;
 *   <li>{@code threads}: start so many useless threads; {@code say}: print a text to the log — faults planted for the checker.
 * </ul>
 */
public final class CrashAgent {

    private CrashAgent() {}

    /** Called by the JVM before the server's {@code main}. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        Map<String, String> values = parse(arguments);
        String point = values.getOrDefault("point", "");
        if (!point.isEmpty()) {
            CrashPoint at = CrashPoint.of(point);
            int hit = Integer.parseInt(values.getOrDefault("hit", "1"));
            Trigger.set(Path.of(values.getOrDefault("armed", "")), hit, at.event());
            install(at, instrumentation);
        }
        long ahead = Long.parseLong(values.getOrDefault("ahead", "0"));
        if (ahead != 0) {
            Ahead.install(ahead, instrumentation);
        }
        hog(Integer.parseInt(values.getOrDefault("threads", "0")));
        String text = values.getOrDefault("say", "");
        if (!text.isEmpty()) {
            System.out.println(text);
        }
    }

    private static Map<String, String> parse(String arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments.split(",", -1)) {
            int equals = argument.indexOf('=');
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return values;
    }

    private static void install(CrashPoint point, Instrumentation instrumentation) {
        ElementMatcher<MethodDescription> method =
                point.methodName().equals("<init>") ? isConstructor() : named(point.methodName());
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .type(named(point.className()))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(hook(point.moment())).on(method)))
                .installOn(instrumentation);
    }

    private static Class<?> hook(CrashPoint.Moment moment) {
        return switch (moment) {
            case ENTRY -> Hooks.Entry.class;
            case EXIT -> Hooks.Exit.class;
            case ENTRY_WITH_ITEMS -> Hooks.EntryWithItems.class;
            case EXIT_WITH_ITEMS -> Hooks.ExitWithItems.class;
            case EXIT_WITH_EVENT -> Hooks.ExitWithEvent.class;
        };
    }

    private static void hog(int threads) {
        Object never = new Object();
        for (int number = 0; number < threads; number++) {
            Thread thread = new Thread(() -> waitOn(never), "useless-" + number);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void waitOn(Object never) {
        synchronized (never) {
            try {
                while (!Thread.interrupted()) {
                    never.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
