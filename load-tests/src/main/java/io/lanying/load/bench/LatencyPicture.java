package io.lanying.load.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Latency against load as an SVG: the median run of each rate, milliseconds in powers of ten. */
final class LatencyPicture {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int RIGHT = 60;
    private static final int TOP = 20;
    private static final int BOTTOM = 50;
    private static final int DECADES = 3; // 1 ms to 1 s
    private static final Map<Integer, String> COLOURS = Map.of(50, "#2a7", 95, "#27c", 99, "#c33");

    private final List<Integer> rates;
    private final List<List<BenchRun>> runs;

    private LatencyPicture(List<Integer> rates, List<List<BenchRun>> runs) {
        this.rates = rates;
        this.runs = runs;
    }

    static String of(List<Integer> rates, List<List<BenchRun>> runs) {
        return new LatencyPicture(rates, runs).svg();
    }

    private String svg() {
        StringBuilder svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        .formatted(WIDTH, HEIGHT));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (int decade = 0; decade <= DECADES; decade++) {
            double y = y(Math.pow(10, decade));
            svg.append(line(LEFT, y, WIDTH - RIGHT, y));
            svg.append(text(LEFT - 8, y + 4, "end", (int) Math.pow(10, decade) + " ms"));
        }
        for (int rate : rates) {
            svg.append(text(x(rate), HEIGHT - BOTTOM + 18, "middle", Integer.toString(rate)));
        }
        svg.append(text(WIDTH / 2.0, HEIGHT - 12, "middle", "pushes/s, open loop; end to end"));
        COLOURS.keySet().stream().sorted().forEach(percentile -> svg.append(curve(percentile)));
        return svg.append("</svg>\n").toString();
    }

    private String curve(int percentile) {
        String points = IntStream.range(0, rates.size())
                .mapToObj(place -> "%s,%s".formatted(number(x(rates.get(place))), number(y(median(place, percentile)))))
                .collect(Collectors.joining(" "));
        int last = rates.size() - 1;
        return "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n"
                        .formatted(COLOURS.get(percentile), points)
                + text(x(rates.get(last)) + 8, y(median(last, percentile)) + 4, "start", "p" + percentile);
    }

    private double median(int place, int percentile) {
        double[] all = runs.stream()
                .mapToDouble(run -> run.get(place).deliverMillis(percentile))
                .sorted()
                .toArray();
        int middle = all.length / 2;
        return all.length % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
    }

    private double x(int rate) {
        int most = IntStream.concat(IntStream.of(1), rates.stream().mapToInt(each -> each))
                .max()
                .orElseThrow();
        return LEFT + (WIDTH - LEFT - RIGHT) * (double) rate / most;
    }

    /** What is above a second is drawn at it. */
    private static double y(double millis) {
        double decades = Math.max(0, Math.min(DECADES, Math.log10(Math.max(1, millis))));
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * decades / DECADES;
    }

    private static String line(double fromX, double fromY, double toX, double toY) {
        return "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"#ccc\"/>%n"
                .formatted(number(fromX), number(fromY), number(toX), number(toY));
    }

    private static String text(double x, double y, String anchor, String content) {
        return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>%n"
                .formatted(number(x), number(y), anchor, content);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
