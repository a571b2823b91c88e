package io.lanying.load.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
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
    private final Selector selector = Selector.open();
    private final List<DeviceLine> members = new ArrayList<>();
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
        for (int from = 0; from < tokens.size(); from += CONNECT_AT_ONCE) {
            for (String token : tokens.subList(from, Math.min(tokens.size(), from + CONNECT_AT_ONCE))) {
                members.add(new DeviceLine(server, selector, token, DeviceLine.TEXT_OF_MESSAGE, this::onReceived));
                turn(0);
            }
            turnUntil(CONNECT, () -> members.stream().allMatch(DeviceLine::welcomed));
            if (!members.stream().allMatch(DeviceLine::welcomed)) {
                throw new IOException("not all members were welcomed within a minute");
            }
        }
        for (int line = 0; line < posters; line++) {
            lines.add(new HttpLine(server, selector, this::onAnswer));
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
        int disorderBefore = disorder();
        long began = System.nanoTime();
        long end = began + plan.limit().toNanos();
        while (System.nanoTime() < end && startedAt.size() - first < plan.mostMessages()) {
            if (startedAt.size() - everywhere < plan.outstanding() && !idle.isEmpty()) {
                post(idle.remove(), next());
            } else {
                turn(10);
            }
        }
        turnUntil(drain, () -> everywhere == startedAt.size() && idle.size() == lines.size());
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
                disorder() - disorderBefore);
    }

    private int disorder() {
        return members.stream()
                .mapToInt(DeviceLine::outOfOrder) // a number that is gone was a receipt's, or its message is missing
                .sum();
    }

    private int next() {
        startedAt.add(System.nanoTime());
        missing.add(members.size());
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

    private void turnUntil(Duration limit, BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end && !done.getAsBoolean()) {
            turn(10);
        }
    }

    private void turn(long millis) throws IOException {
        if (millis == 0) {
            selector.selectNow(TalkLoop::ready);
        } else {
            selector.select(TalkLoop::ready, millis);
        }
    }

    private static void ready(SelectionKey key) {
        try {
            ((Line) key.attachment()).ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (DeviceLine member : members) {
            member.close();
        }
        for (HttpLine line : lines) {
            line.close();
        }
        selector.close();
    }
}
