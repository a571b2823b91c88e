package io.lanying.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class LatencyPictureTest {

    @Test
    void drawsTheMedianRunOfEachRateHigherForLonger() throws Exception {
        var slow = List.of(run(10), run(500));
        var usual = List.of(run(2), run(100));
        var quick = List.of(run(1), run(20));

        double[][] points = p99(LatencyPicture.of(List.of(100, 1_000), List.of(slow, usual, quick)));

        assertThat(points).hasDimensions(2, 2);
        assertThat(points[1][0]).isGreaterThan(points[0][0]);
        // Three decades are 290 high and end at 310: 2 ms and 100 ms.
        assertThat(points[0][1]).isBetween(279.0, 282.0);
        assertThat(points[1][1]).isBetween(115.0, 118.0);
    }

    private static double[][] p99(String svg) throws Exception {
        var lines = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("polyline");
        assertThat(lines.getLength()).isEqualTo(3);
        String points = ((Element) lines.item(2)).getAttribute("points");
        return Arrays.stream(points.split(" "))
                .map(point -> Arrays.stream(point.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
    }

    private static BenchRun run(int millis) {
        var nanos = new Histogram(3);
        nanos.recordValue(millis * 1_000_000L);
        var load = new LoadResult(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, nanos, nanos, List.of());
        return new BenchRun(load, new Meters.Cpu(0, 0, 0), 0, "");
    }
}
