package io.lanying.load.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Every statement takes 300 ± 200 ms longer on its way to the database. */
final class SlowDatabase implements Harm {

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofMillis(500);
    private static final Duration SLOW = Duration.ofSeconds(30);

    @Override
    public Between between() {
        return Between.SLOW_WAY;
    }

    @Override
    public void strike(Scene scene) {
        scene.wayToDatabase().delay(LEAST, MOST);
        LockSupport.parkNanos(SLOW.toNanos());
        scene.awaitAnswered();
    }

    @Override
    public void heal(Scene scene) {
        scene.wayToDatabase().delay(Duration.ZERO, Duration.ZERO);
        scene.demandAllAlive();
    }

    @Override
    public void report(Scene scene) {
        scene.demandAnswers();
    }
}
