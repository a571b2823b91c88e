package io.lanying.load.history;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A finished record of a run. Kept as one JSON object a line, so that a verdict can be had again later. */
public record History(List<HistoryEvent> events) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    public History {
        events = List.copyOf(events);
    }

    /** The events of one type, in order. */
    public <E extends HistoryEvent> Stream<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast);
    }

    /** Writes the file anew. */
    public void save(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (HistoryEvent event : events) {
                out.write(JSON.writerFor(HistoryEvent.class).writeValueAsString(event));
                out.newLine();
            }
        }
    }

    /** Reads what {@link #save} wrote. */
    public static History load(Path file) throws IOException {
        List<HistoryEvent> events = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            events.add(JSON.readValue(line, HistoryEvent.class));
        }
        return new History(events);
    }
}
