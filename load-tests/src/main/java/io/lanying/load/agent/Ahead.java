package io.lanying.load.agent;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;

import java.lang.instrument.Instrumentation;
import java.time.Instant;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * Has every {@link java.time.Clock} and {@link Instant#now()} of the process be so many seconds ahead, or behind. What asks
 * {@link System#currentTimeMillis()} itself is not deceived.
 */
final class Ahead {

    private static final String SECONDS = "lanying.rig.seconds-ahead";

    private Ahead() {}

    static void install(long seconds, Instrumentation instrumentation) {
        System.setProperty(SECONDS, Long.toString(seconds));
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .ignore(none())
                .type(named("java.time.Clock"))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(Shift.class).on(named("currentInstant"))))
                .installOn(instrumentation);
    }

    /** Copied into a class of the JDK, which cannot see ours: so it names none of ours. */
    static final class Shift {
        private Shift() {}

        @Advice.OnMethodExit
        @SuppressWarnings({"UnusedVariable", "ParameterReassignment"}) // what is assigned is what the method returns
        static void exit(@Advice.Return(readOnly = false) Instant now) {
            now = now.plusSeconds(Long.getLong(SECONDS, 0));
        }
    }
}
