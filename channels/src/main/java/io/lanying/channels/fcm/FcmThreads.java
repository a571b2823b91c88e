package io.lanying.channels.fcm;

import com.google.firebase.FirebaseApp;
import com.google.firebase.ThreadManager;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All threads of one client: at most so many for requests, one for deadlines, none while idle. The Firebase client gets the same
 * ones, instead of its hundred with an endless queue.
 */
final class FcmThreads extends ThreadManager {

    private static final long IDLE_SECONDS = 30;

    private final String name;
    private final AtomicInteger count = new AtomicInteger();
    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor deadlines;
    private final Runnable onEnd;

    /** @param onEnd called once when the last request has ended after {@link #end} */
    FcmThreads(String name, int threads, int queueLimit, Runnable onEnd) {
        this.name = name;
        this.onEnd = onEnd;
        // A full queue refuses: the caller paces, not we.
        this.workers =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(queueLimit),
                        this::thread) {
                    @Override
                    protected void terminated() {
                        ended();
                    }
                };
        workers.allowCoreThreadTimeOut(true);
        this.deadlines = new ScheduledThreadPoolExecutor(1, this::thread);
        deadlines.setRemoveOnCancelPolicy(true);
        deadlines.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        deadlines.allowCoreThreadTimeOut(true);
    }

    ThreadPoolExecutor workers() {
        return workers;
    }

    ScheduledThreadPoolExecutor deadlines() {
        return deadlines;
    }

    /** Takes nothing new; what is queued and under way still runs. */
    void end() {
        workers.shutdown();
    }

    private void ended() {
        deadlines.shutdownNow();
        onEnd.run();
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    protected ExecutorService getExecutor(FirebaseApp app) {
        return workers;
    }

    @Override
    protected void releaseExecutor(FirebaseApp app, ExecutorService executor) {
        // They are ours, and have ended before the app is deleted.
    }

    @Override
    protected ThreadFactory getThreadFactory() {
        return this::thread;
    }
}
