package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The members of one conversation, a connection each, and who posts to it: a closed loop in which a message is on its way until
 * the last member has it. One thread, one selector.
 */
final class TalkLoop implements AutoCloseable {

    private static final int CONNECT_AT_ONCE = 100;
    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final int DIGITS_OF_LATENCY = 3;
    private static final long LONGEST_NANOS = Duration.ofMinutes(2).toNanos();

    /**
     * A measured time: over after its limit, or when so many were posted.
     *
     * @param outstanding messages that not every member has yet
     */
    record Plan(int outstanding, Duration limit, int mostMessages) {}

    /**
     * What it showed.
     *
     * @param seconds from the first post until the last member had the last message
     * @param answerNanos from the post to its answer
     * @param lastNanos from the post to the last member
     */
    record Result(
            double seconds,
            int messages,
            Histogram answerNanos,
            Histogram lastNanos,
            int refused,
            int lost,
            int repeated,
            int outOfOrder) {

        /** Whether every member had each message once and in order. */
        boolean correct() {
            return messages > 0 && lost == 0 && repeated == 0 && outOfOrder == 0;
        }
    }

    private final TalkRequests requests;
    private final Duration drain;
    private final Wires wires = new Wires();
    private final Fleet members;
    private final int everybody;
    private final List<HttpLine> lines = new ArrayList<>();
    private final ArrayDeque<HttpLine> idle = new ArrayDeque<>();
    private final List<Long> startedAt = new ArrayList<>();
    private final List<Integer> missing = new ArrayList<>();

    private Histogram answerNanos = newHistogram();
    private Histogram lastNanos = newHistogram();
    private int everywhere;
    private int repeated;
    private int refused;

    /**
     * Connects.
     *
     * @param tokens session tokens, one a member
     * @param posters connections for posts: the most that may wait for their answers
     * @param drain how long the last messages of a measured time may take
     */
    TalkLoop(InetSocketAddress server, List<String> tokens, TalkRequests requests, int posters, Duration drain)
            throws IOException {
        this.requests = requests;
        this.drain = drain;
        this.everybody = tokens.size();
        this.members = new Fleet(wires, server, DeviceLine.TEXT_OF_MESSAGE, (app, message) -> onReceived(message));
        members.connect(tokens, CONNECT_AT_ONCE, CONNECT);
        for (int line = 0; line < posters; line++) {
            lines.add(new HttpLine(server, wires, this::onAnswer));
        }
        idle.addAll(lines);
    }

    /** Posts as planned, then waits until every member has everything, or the drain is over. */
    Result run(Plan plan) throws IOException {
        answerNanos = newHistogram();
        lastNanos = newHistogram();
        int first = startedAt.size();
        int repeatedBefore = repeated;
        int refusedBefore = refused;
        int disorderBefore = members.outOfOrder();
        long began = System.nanoTime();
        long end = began + plan.limit().toNanos();
        while (System.nanoTime() < end && startedAt.size() - first < plan.mostMessages()) {
            if (startedAt.size() - everywhere < plan.outstanding() && !idle.isEmpty()) {
                post(idle.remove(), next());
            } else {
                wires.turn(10);
            }
        }
        wires.turnUntil(drain, () -> everywhere == startedAt.size() && idle.size() == lines.size());
        double seconds = (System.nanoTime() - began) / 1e9;
        int lost = missing.subList(first, missing.size()).stream()
                .mapToInt(left -> Math.max(0, left))
                .sum();
        everywhere = startedAt.size(); // what is lost is waited for once only
        return new Result(
                seconds,
                startedAt.size() - first,
                answerNanos,
                lastNanos,
                refused - refusedBefore,
                lost,
                repeated - repeatedBefore,
                members.outOfOrder()
                        - disorderBefore); // a number that is gone was a receipt's, or its message is missing
    }

    private int next() {
        startedAt.add(System.nanoTime());
        missing.add(everybody);
        return startedAt.size() - 1;
    }

    private void post(HttpLine line, int message) throws IOException {
        line.send(message, requests.request(message));
    }

    /** What was refused for now is the same message again. */
    private void onAnswer(HttpLine line, int message, int status) throws IOException {
        if (status == 429 || status == 503) {
            refused++;
            post(line, message);
        } else if (status == 200 || status == 201) {
            answerNanos.recordValue(since(message));
            idle.add(line);
        } else {
            throw new IOException("a message was answered " + status);
        }
    }

    private void onReceived(long mark) {
        int message = (int) mark;
        int left = missing.get(message) - 1;
        missing.set(message, left);
        if (left == 0) {
            everywhere++;
            lastNanos.recordValue(since(message));
        } else if (left < 0) {
            repeated++;
        }
    }

    private long since(int message) {
        return Math.min(LONGEST_NANOS, System.nanoTime() - startedAt.get(message));
    }

    private static Histogram newHistogram() {
        return new Histogram(LONGEST_NANOS, DIGITS_OF_LATENCY);
    }

    @Override
    public void close() throws IOException {
        wires.close();
    }
}
