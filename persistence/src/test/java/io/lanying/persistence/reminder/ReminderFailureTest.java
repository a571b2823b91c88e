package io.lanying.persistence.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.Config;
import io.lanying.persistence.TestNode;
import io.lanying.persistence.testing.PostgresServer;
import io.lanying.persistence.testing.StoreConfigs;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReminderFailureTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.000Z");
    private static final String SMALL = """
            push.persistence.reminders { queue-size = 10, batch-size = 5, retry-max = 500 ms }
            akka-persistence-jdbc.shared-databases.slick.db { connectionTimeout = 1000, validationTimeout = 500 }
            """;

    @Test
    void aKilledDatabaseDelaysAnswersAndAFullQueueDropsRequests() {
        try (PostgresServer postgres = PostgresServer.start()) {
            Config store = StoreConfigs.postgres(postgres.newDatabase());
            try (TestNode node = TestNode.start(store, SMALL)) {
                postgres.kill();
                TestProbe<Reminder> probe = TestProbe.create(node.system);
                node.persistence.reminders().tell(remind("first", probe));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> node.persistence.stats().reminderRetries() > 0);
                for (int i = 0; i < 14; i++) {
                    node.persistence.reminders().tell(remind("more" + i, probe));
                }
                Awaitility.await()
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> node.persistence.stats().remindersDropped() == 4);
                probe.expectNoMessage(Duration.ofMillis(100));
                assertThat(TestNode.await(node.persistence.writable())).isFalse();

                postgres.startAgain();
                assertThat(probe.receiveSeveralMessages(11, Duration.ofSeconds(15)))
                        .hasSize(11);
                assertThat(node.number("SELECT COUNT(*) FROM reminder")).isEqualTo(11);
                assertThat(TestNode.await(node.persistence.writable())).isTrue();
            }
        }
    }

    private static Remind remind(String id, TestProbe<Reminder> probe) {
        return new Remind(EntityKind.DEVICE, new EntityId("t", id), NOON, probe.ref());
    }
}
