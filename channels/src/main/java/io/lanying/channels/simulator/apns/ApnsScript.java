package io.lanying.channels.simulator.apns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The rules and how often each has been used. Thread-safe; the same seed and the same order of requests, the same reactions. */
final class ApnsScript {

    private final Random random;
    private final List<Counted> rules = new ArrayList<>();

    private static final class Counted {
        private final ApnsRule rule;
        private long used;

        private Counted(ApnsRule rule) {
            this.rule = rule;
        }
    }

    ApnsScript(long seed) {
        this.random = new Random(seed);
    }

    synchronized void replace(List<ApnsRule> with) {
        rules.clear();
        with.forEach(rule -> rules.add(new Counted(rule)));
    }

    /**
     * What to do with a request.
     *
     * @param number the request's number on its connection, from 1
     */
    synchronized ApnsReaction decide(String token, long number) {
        Optional<Counted> first = rules.stream()
                .filter(counted -> applies(counted, token, number))
                .findFirst();
        first.ifPresent(counted -> counted.used++);
        return first.map(counted -> counted.rule.reaction()).orElseGet(ApnsReaction::accept);
    }

    private boolean applies(Counted counted, String token, long number) {
        ApnsRule rule = counted.rule;
        return counted.used < rule.times()
                && (rule.token().isEmpty() || rule.token().get().equals(token))
                && number % rule.every() == 0
                && (rule.share() >= 1 || random.nextDouble() < rule.share());
    }
}
