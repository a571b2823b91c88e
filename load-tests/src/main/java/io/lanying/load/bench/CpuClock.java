package io.lanying.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The CPU time of a process, its children and what its ended children had used, from {@code /proc}. Linux only.
 *
 * <p>A child that lives is read itself; once it has ended and been waited for, its parent's count has it.
 */
final class CpuClock {

    /** The kernel's clock ticks a second in {@code /proc}, the same on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_SYSTEM = 14;

    private final long root;
    private final boolean withChildren;

    private CpuClock(long root, boolean withChildren) {
        this.root = root;
        this.withChildren = withChildren;
    }

    static CpuClock ofTree(long root) {
        return new CpuClock(root, true);
    }

    /** The process alone, without the children that it started. */
    static CpuClock ofProcess(long process) {
        return new CpuClock(process, false);
    }

    /** CPU seconds used so far. */
    double seconds() throws IOException {
        Map<Long, long[]> all = new HashMap<>();
        if (!withChildren) {
            read(Path.of("/proc/" + root + "/stat"), root, SYSTEM, all);
            return ticks(root, all) / TICKS_PER_SECOND;
        }
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (Character.isDigit(name.charAt(0))) {
                    read(entry.resolve("stat"), Long.parseLong(name), CHILDREN_SYSTEM, all);
                }
            }
        }
        return ticks(root, all) / TICKS_PER_SECOND;
    }

    private static long ticks(long process, Map<Long, long[]> all) {
        long[] own = all.getOrDefault(process, new long[] {0, 0});
        long sum = own[1];
        for (Map.Entry<Long, long[]> entry : all.entrySet()) {
            if (entry.getValue()[0] == process) {
                sum += ticks(entry.getKey(), all);
            }
        }
        return sum;
    }

    private static void read(Path stat, long process, int lastField, Map<Long, long[]> all) {
        try {
            String text = Files.readString(stat);
            // The second field is the command in parentheses and may hold anything.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = USER; field <= lastField; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            all.put(process, new long[] {Long.parseLong(fields[PARENT]), ticks});
        } catch (IOException e) {
            // It ended between the listing and now; its parent has its time.
            all.remove(process);
        }
    }
}
