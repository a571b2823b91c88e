package io.lanying.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void aFigureHasItsMedianAndTheLowestAndTheHighest() {
        Report report = new Report("Much", List.of("on a machine"))
                .part("quiet", List.of(Map.of("pushes/s", 30.0), Map.of("pushes/s", 9.5), Map.of("pushes/s", 1234.4)))
                .part("busy", List.of(Map.of("lost", 0.0), Map.of("lost", 1.0)));

        assertThat(report.markdown()).isEqualTo("""
                        ### Much

                        - on a machine

                        | quiet | median | lowest | highest |
                        |---|---|---|---|
                        | pushes/s | 30 | 9.50 | 1234 |

                        | busy | median | lowest | highest |
                        |---|---|---|---|
                        | lost | 0.50 | 0 | 1 |
                        """);
        assertThat(report.json().at("/quiet/pushes~1s/runs/1").asDouble()).isEqualTo(9.5);
        assertThat(report.json().at("/busy/lost/median").asDouble()).isEqualTo(0.5);
    }
}
