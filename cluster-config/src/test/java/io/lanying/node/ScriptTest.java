package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/lanying} on machines that lack something: one clear line, and not zero. */
class ScriptTest {

    @TempDir
    Path machine;

    @Test
    void noJava() throws Exception {
        install("bash", "readlink", "dirname", "sed");

        assertThat(run()).containsExactly("lanying: no Java found: install a JDK 17 or newer, or set JAVA_HOME");
    }

    @Test
    void javaTooOld() throws Exception {
        install("bash", "readlink", "dirname", "sed");
        Path java = bin().resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(machine.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");

        assertThat(run())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("lanying: Java 8 at ")
                .contains("too old");
    }

    private Path bin() {
        return machine.resolve("bin");
    }

    private void install(String... programs) throws IOException {
        Files.createDirectories(bin());
        for (String program : programs) {
            Path real = List.of("/usr/bin/" + program, "/bin/" + program).stream()
                    .map(Path::of)
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.copy(real, bin().resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private List<String> run() throws IOException, InterruptedException {
        Path out = machine.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                        bin().resolve("bash").toString(),
                        Path.of("bin", "lanying").toAbsolutePath().toString(),
                        "node")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin().toString());
        Process process = builder.start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isNotZero();
        return Files.readAllLines(out);
    }
}
