package io.lanying.load.bench;

import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server's memory is. Resident memory alone says little of what something costs: the heap's free room is in it, and comes
 * and goes with collections. So what lives on the heap and what is outside of it are told apart.
 *
 * @param resident bytes of the process that are in memory (RSS)
 * @param residentHeap those of the Java heap, its free room included
 * @param live what a full collection left on the heap
 * @param direct direct buffers, which are outside the heap
 */
record Memory(long resident, long residentHeap, long live, long direct) {

    private static final long MEBIBYTE = 1024 * 1024;

    private static final Pattern HEAP = Pattern.compile("heap .*\\[0x([0-9a-f]+), 0x([0-9a-f]+)\\)");
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ .*");
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofSeconds(1);

    /** Collects twice, so that what the first one set free is gone too, and reads. Stops the server for some 100 ms. */
    static Memory read(ServerProcess server, Heap heap) throws IOException, InterruptedException {
        heap.collect();
        LockSupport.parkNanos(BETWEEN_COLLECTIONS.toNanos());
        long live = heap.collect() * MEBIBYTE;
        return new Memory(server.residentBytes(), residentHeap(server.handle().pid()), live, direct(server));
    }

    /** Threads, code, classes, buffers. */
    long outside() {
        return resident - residentHeap;
    }

    /** What lives on the heap and what is outside of it. */
    long needed() {
        return live + outside();
    }

    private static long residentHeap(long pid) throws IOException, InterruptedException {
        Matcher range = HEAP.matcher(Heap.jcmd(pid, "GC.heap_info"));
        if (!range.find()) {
            throw new IOException("the server's heap is nowhere: not the collector that is shipped?");
        }
        long from = Long.parseLong(range.group(1), 16);
        long to = Long.parseLong(range.group(2), 16);
        long kibibytes = 0;
        boolean heap = false;
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"), StandardCharsets.UTF_8)) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                long start = Long.parseUnsignedLong(mapping.group(1), 16);
                heap = start >= from && start < to;
            } else if (heap && line.startsWith("Rss:")) {
                kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kibibytes * 1024;
    }

    private static long direct(ServerProcess server) throws IOException, InterruptedException {
        HttpRequest metrics =
                HttpRequest.newBuilder(server.management().resolve("/metrics")).build();
        return Api.newHttpClient()
                .send(metrics, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("jvm_buffer_memory_used_bytes") && line.contains("direct"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
