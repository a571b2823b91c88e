package io.lanying.persistence.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where PostgreSQL's server programs are, and as whom they run: they refuse to run as root. */
final class PostgresPrograms {

    private final Path bin;
    private final Optional<User> user;

    private PostgresPrograms(Path bin, Optional<User> user) {
        this.bin = bin;
        this.user = user;
    }

    static PostgresPrograms find() throws IOException {
        for (Path candidate : candidates()) {
            if (Files.isExecutable(candidate.resolve("initdb")) && Files.isExecutable(candidate.resolve("postgres"))) {
                return new PostgresPrograms(candidate, serverUser());
            }
        }
        throw new IllegalStateException("PostgreSQL's server programs (initdb, postgres) are neither on PATH nor under"
                + " /usr/lib/postgresql/*/bin: install the Debian package postgresql (apt-get install postgresql)");
    }

    /** The command line for one of the programs, as the user it may run as. */
    List<String> asServerUser(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        // setpriv becomes the program, so that the process we started is the server itself.
        user.ifPresent(other -> command.addAll(List.of(
                "setpriv", "--reuid=" + other.id, "--regid=" + other.group, "--clear-groups", "--inh-caps=-all")));
        command.add(bin.resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    void giveToServerUser(Path path) throws IOException {
        if (user.isPresent()) {
            var lookup = path.getFileSystem().getUserPrincipalLookupService();
            Files.getFileAttributeView(path, PosixFileAttributeView.class)
                    .setOwner(lookup.lookupPrincipalByName(user.get().name));
        }
    }

    private static List<Path> candidates() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String dir : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!dir.isEmpty()) {
                all.add(Path.of(dir));
            }
        }
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.comparing(PostgresPrograms::version).reversed())
                        .forEach(version -> all.add(version.resolve("bin")));
            }
        }
        return all;
    }

    private static int version(Path dir) {
        String digits = dir.getFileName().toString().replaceAll("[^0-9].*", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    /** Empty if we are not root. */
    private static Optional<User> serverUser() throws IOException {
        if (!isRoot()) {
            return Optional.empty();
        }
        List<String> known = Files.readAllLines(Path.of("/etc/passwd"));
        for (String name : List.of("postgres", "nobody")) {
            for (String line : known) {
                String[] fields = line.split(":", -1);
                if (fields.length > 3 && fields[0].equals(name)) {
                    return Optional.of(new User(name, fields[2], fields[3]));
                }
            }
        }
        throw new IllegalStateException("as root this needs a user postgres or nobody to run PostgreSQL as");
    }

    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        if (Files.exists(self)) {
            return Files.readAttributes(self, PosixFileAttributes.class)
                    .owner()
                    .getName()
                    .equals("root");
        }
        return System.getProperty("user.name").equals("root");
    }

    private record User(String name, String id, String group) {}
}
