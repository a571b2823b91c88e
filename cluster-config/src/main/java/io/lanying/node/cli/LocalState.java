package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;

/** What the commands keep between runs, in files that only this user may read. */
final class LocalState {

    private final Path directory;

    private LocalState(Path directory) {
        this.directory = directory;
    }

    /** The quickstart's own directory, inside the data directory. */
    static LocalState quickstart() {
        return new LocalState(data().resolve("quickstart"));
    }

    /** Where listening devices keep their positions. */
    static LocalState listeners() {
        return new LocalState(data().resolve("listen"));
    }

    /** The data directory that {@code LANYING_DATA_DIR} names. */
    static Path data() {
        return Path.of(Optional.ofNullable(System.getenv("LANYING_DATA_DIR"))
                        .filter(text -> !text.isBlank())
                        .orElse("./data"))
                .toAbsolutePath()
                .normalize();
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Optional<JsonNode> read(String name) {
        Path file = path(name);
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.parse(Files.readString(file)));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed("cannot read " + file + ": remove it and try again", e);
        }
    }

    void write(String name, JsonNode content) {
        writeText(name, content + "\n");
    }

    /** Replaces the file as a whole: a reader sees the old or the new, never a part. */
    void writeText(String name, String content) {
        Path file = path(name);
        Path fresh = path(name + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, content);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailed(
                    "cannot write " + file
                            + ": mend its permissions or set LANYING_DATA_DIR to a directory that this user may write",
                    e);
        }
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Remembers a process by number and start time: a number alone is given to another process sooner or later. */
    void writeProcess(String name, ProcessHandle process) {
        write(
                name,
                Json.object()
                        .put("pid", process.pid())
                        .put("startedAt", startedAt(process).toString()));
    }

    /** The remembered process, if it still runs. */
    Optional<ProcessHandle> process(String name) {
        return read(name).flatMap(json -> ProcessHandle.of(json.path("pid").asLong())
                .filter(ProcessHandle::isAlive)
                .filter(process -> startedAt(process)
                        .toString()
                        .equals(json.path("startedAt").asText())));
    }

    private static Instant startedAt(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
