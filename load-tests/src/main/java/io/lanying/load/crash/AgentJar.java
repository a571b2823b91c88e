package io.lanying.load.crash;

import io.lanying.load.agent.CrashAgent;
import io.lanying.load.agent.CrashPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;

/**
 * The agent as a jar of its own, made when it is needed from the classes at hand, with Byte Buddy beside it. So no module
 * ships it, and the server's class path has it only where a run asks for it.
 */
public final class AgentJar {

    private static final String PACKAGE = CrashAgent.class.getPackageName().replace('.', '/');

    private final Path jar;

    private AgentJar(Path jar) {
        this.jar = jar;
    }

    /** Writes the jar and the library into the directory. */
    public static AgentJar in(Path directory) {
        try {
            Files.createDirectories(directory);
            Path library = directory.resolve("byte-buddy.jar");
            Files.copy(locationOf(ByteBuddy.class), library, StandardCopyOption.REPLACE_EXISTING);
            Path jar = directory.resolve("crash-agent.jar");
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), CrashAgent.class.getName());
            manifest.getMainAttributes().put(new Attributes.Name("Can-Retransform-Classes"), "true");
            manifest.getMainAttributes()
                    .put(Attributes.Name.CLASS_PATH, library.getFileName().toString());
            try (OutputStream out = Files.newOutputStream(jar);
                    JarOutputStream entries = new JarOutputStream(out, manifest)) {
                addClasses(entries);
            }
            return new AgentJar(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM option that kills the process at a hit of the point, once the file exists. */
    public String killAt(CrashPoint point, int hit, Path armedBy) {
        return option("point=" + point.text() + ",hit=" + hit + ",armed=" + armedBy);
    }

    /** The JVM option with other arguments of {@link CrashAgent}. */
    public String option(String arguments) {
        return "-javaagent:" + jar + "=" + arguments;
    }

    private static void addClasses(JarOutputStream entries) throws IOException {
        Path classes = locationOf(CrashAgent.class);
        if (Files.isDirectory(classes)) {
            addFrom(classes.resolve(PACKAGE), entries);
        } else {
            try (FileSystem inside = FileSystems.newFileSystem(classes)) {
                addFrom(inside.getPath(PACKAGE), entries);
            }
        }
    }

    private static void addFrom(Path directory, JarOutputStream entries) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            entries.putNextEntry(new JarEntry(PACKAGE + "/" + file.getFileName()));
            try (InputStream in = Files.newInputStream(file)) {
                in.transferTo(entries);
            }
            entries.closeEntry();
        }
    }

    private static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
