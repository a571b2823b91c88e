package io.lanying.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That they can be run: each once, in this process. What they then measure says nothing. */
class MicroBenchmarksTest {

    @Test
    void eachRunsOnce() throws RunnerException {
        System.setProperty("jmh.ignoreLock", "true"); // a measurement that is under way does not matter here

        var results = new Runner(new OptionsBuilder()
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        assertThat(results)
                .extracting(result -> result.getParams().getBenchmark().replaceAll(".*\\.(\\w+)\\.\\w+", "$1"))
                .contains(
                        "ApiKeyBenchmark",
                        "CodecBenchmark",
                        "DeviceBenchmark",
                        "DeviceFoldBenchmark",
                        "FramesBenchmark",
                        "PushRequestBenchmark",
                        "SealingBenchmark");
    }
}
