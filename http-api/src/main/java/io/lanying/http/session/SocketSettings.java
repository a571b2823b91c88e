package io.lanying.http.session;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Set;

/** {@code push.http.session} of the configuration; reference.conf says what each key means. Contradictions throw. */
record SocketSettings(
        Duration helloTimeout,
        Duration pingInterval,
        Duration silenceTimeout,
        Duration messageTimeout,
        Duration writeTimeout,
        Duration closeTimeout,
        Duration stopTimeout,
        int maxSockets,
        int queueFrames,
        long queueBytes,
        double framesPerSecond,
        int framesBurst,
        Set<String> allowedOrigins,
        Duration keyRetry,
        Duration pollLinger,
        Attaching attaching,
        Reconnecting reconnecting) {

    /** How a session finds its device. */
    record Attaching(
            int maxUnanswered, Duration answerTimeout, Duration maxBackOff, Duration giveUpAfter, Duration jitter) {}

    /** What {@code reconnectAfterMs} says. */
    record Reconnecting(Duration least, Duration most, Duration mostWhenBusy) {}

    SocketSettings {
        require(silenceTimeout.compareTo(pingInterval) > 0, "silence-timeout must be longer than ping-interval");
        require(closeTimeout.compareTo(stopTimeout) < 0, "close-timeout must be shorter than stop-timeout");
        require(queueFrames > 0 && queueBytes > 0, "queue-frames and queue-bytes must be positive");
        require(framesPerSecond > 0 && framesBurst > 0, "frames-per-second and frames-burst must be positive");
        require(attaching.maxUnanswered() > 0, "attach.max-unanswered must be positive");
        require(
                !reconnecting.least().isNegative()
                        && reconnecting.least().compareTo(reconnecting.most()) < 0
                        && reconnecting.least().compareTo(reconnecting.mostWhenBusy()) < 0,
                "reconnect.least must be shorter than reconnect.most and most-when-busy");
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    static SocketSettings from(Config root) {
        Config config = root.getConfig("push.http.session");
        require(
                config.getDuration("silence-timeout").compareTo(root.getDuration("push.http.idle-timeout")) < 0,
                "silence-timeout must be shorter than push.http.idle-timeout");
        Config attach = config.getConfig("attach");
        Config reconnect = config.getConfig("reconnect");
        return new SocketSettings(
                config.getDuration("hello-timeout"),
                config.getDuration("ping-interval"),
                config.getDuration("silence-timeout"),
                config.getDuration("message-timeout"),
                config.getDuration("write-timeout"),
                config.getDuration("close-timeout"),
                config.getDuration("stop-timeout"),
                config.getInt("max-sockets"),
                config.getInt("queue-frames"),
                config.getBytes("queue-bytes"),
                config.getDouble("frames-per-second"),
                config.getInt("frames-burst"),
                Set.copyOf(config.getStringList("allowed-origins")),
                config.getDuration("key-retry"),
                config.getDuration("poll-linger"),
                new Attaching(
                        attach.getInt("max-unanswered"),
                        attach.getDuration("answer-timeout"),
                        attach.getDuration("max-back-off"),
                        attach.getDuration("give-up-after"),
                        attach.getDuration("jitter")),
                new Reconnecting(
                        reconnect.getDuration("least"),
                        reconnect.getDuration("most"),
                        reconnect.getDuration("most-when-busy")));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("push.http.session: " + otherwise);
        }
    }
}
