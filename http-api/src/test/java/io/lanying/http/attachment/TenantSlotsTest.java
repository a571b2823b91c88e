package io.lanying.http.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class TenantSlotsTest {

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final TenantSlots slots = new TenantSlots(3, 2, "slots", metrics);

    @Test
    void oneTenantLeavesRoomForOthers() {
        assertThat(slots.takeIfFree("a")).isTrue();
        assertThat(slots.takeIfFree("a")).isTrue();
        assertThat(slots.takeIfFree("a")).isFalse();
        assertThat(slots.takeIfFree("b")).isTrue();
        assertThat(slots.takeIfFree("c")).as("no more in all").isFalse();
        assertThat(metrics.get("slots").gauge().value()).isEqualTo(3);
        slots.release("a");
        assertThat(slots.takeIfFree("c")).isTrue();
        assertThat(slots.isFull("a")).isTrue();
        slots.release("b");
        assertThat(slots.takeIfFree("a")).isTrue();
    }
}
