package io.lanying.node;

import io.lanying.protocol.Remoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process of the operating system, as others on the same machine can tell it from all that ever were: Linux, by
 * {@code /proc} (proc(5)). Blocks for a moment.
 *
 * @param machine this boot of the machine and the namespace that the id is from
 * @param startedAt ticks of the machine's clock since its boot, for ids are used again
 */
record LocalProcess(String machine, long id, String startedAt) implements Remoted {

    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT = PROC.resolve("sys/kernel/random/boot_id");
    private static final Path NAMESPACE = PROC.resolve("self/ns/pid");
    /** Of the fields of {@code stat}, counted after the name, which is in parentheses and may hold anything. */
    private static final int START_TIME = 19;

    /** This one; empty where there is no such {@code /proc}. */
    static Optional<LocalProcess> self() {
        try {
            long id = ProcessHandle.current().pid();
            String machine = Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(NAMESPACE);
            return startOf(id).map(startedAt -> new LocalProcess(machine, id, startedAt));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Whether the other one can be told by this one to have ended: it shares the machine, and is seen to run. */
    boolean sees(LocalProcess other) {
        return machine.equals(other.machine) && other.runs();
    }

    /** Whether it runs, as far as is seen from here: one of another machine does not. */
    boolean runs() {
        return startOf(id).filter(startedAt::equals).isPresent();
    }

    private static Optional<String> startOf(long id) {
        try {
            String stat = Files.readString(PROC.resolve(id + "/stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[START_TIME]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
