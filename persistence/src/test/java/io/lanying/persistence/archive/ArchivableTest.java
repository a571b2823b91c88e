package io.lanying.persistence.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Stream;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArchivableTest {

    @Test
    void whatADeviceMayStillReadStays() {
        assertThat(Archivable.upTo(500, device(List.of(), List.of(), List.of())))
                .isEqualTo(500);
        assertThat(Archivable.upTo(500, device(List.of(item(400, 400), item(300, 300)), List.of(), List.of())))
                .isEqualTo(299);
        // Delivered again: its body is at an older event.
        assertThat(Archivable.upTo(500, device(List.of(item(400, 40)), List.of(), List.of())))
                .isEqualTo(39);
        assertThat(Archivable.upTo(500, device(List.of(item(400, 0)), List.of(), List.of())))
                .isEqualTo(399);
        assertThat(Archivable.upTo(500, device(List.of(), List.of(item(200, 200)), List.of())))
                .isEqualTo(199);
        assertThat(Archivable.upTo(500, device(List.of(), List.of(), List.of(item(100, 0)))))
                .isEqualTo(99);
        assertThat(Archivable.upTo(500, "another kind's")).isEqualTo(500);
    }

    private static OpenItem item(long eventSeq, long bodyAt) {
        return new OpenItem(
                eventSeq,
                eventSeq,
                bodyAt,
                "n",
                ItemKind.PUSH,
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                Priority.NORMAL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static DeviceSnapshot device(List<OpenItem> open, List<OpenItem> vendorOnly, List<OpenItem> setAside) {
        var stream = new Stream("s", 0, 500, 500, open, List.of(), vendorOnly, List.of(), Optional.empty(), setAside);
        return new DeviceSnapshot(
                500, Instant.EPOCH, 1, Optional.empty(), Optional.of(stream), Optional.empty(), List.of(), List.of());
    }
}
