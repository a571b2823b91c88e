package io.lanying.persistence.journal;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.Counter;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.Maintenance;
import io.lanying.persistence.StoreTest;
import io.lanying.persistence.journal.JournaledEntities.Journaled;
import io.lanying.persistence.journal.JournaledEntities.Page;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@ForEachStore
class JournaledEntitiesTest extends StoreTest {

    /** As the command has it, beside a node that runs. */
    private Maintenance maintenance() {
        return Maintenance.open(node.system);
    }

    @Test
    void everyEntityIsMetOnceWhateverThePageAndTheNumberOfItsEvents() {
        List<String> ids = List.of("a", "A", "a-b", "a.b", "ab", "~", "0", "_", "a-", "Z");
        ids.forEach(id -> count(id, id.equals("ab") ? 30 : 2));
        node.execute("INSERT INTO \"event_journal\" (\"deleted\", \"persistence_id\", \"sequence_number\", \"writer\","
                + " \"write_timestamp\", \"adapter_manifest\", \"event_payload\", \"event_ser_id\","
                + " \"event_ser_manifest\") SELECT \"deleted\", 'Future|t:x', \"sequence_number\", \"writer\","
                + " \"write_timestamp\", \"adapter_manifest\", \"event_payload\", \"event_ser_id\","
                + " \"event_ser_manifest\" FROM \"event_journal\" WHERE \"persistence_id\" = 'Tenant|t:ab'");

        for (int limit : new int[] {1, 3, 11, 1_000}) {
            assertThat(all(limit))
                    .as("pages of %s", limit)
                    .containsExactlyInAnyOrderElementsOf(ids.stream()
                            .map(id -> new Journaled(EntityKind.TENANT, new EntityId("t", id)))
                            .toList());
        }
        assertThatThrownBy(() -> maintenance().entities().page(Optional.empty(), 1_001))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCommandTakesFewConnectionsAndMakesNoDatabase() {
        Config settings = Maintenance.settings(ConfigFactory.load(config));
        String db = "akka-persistence-jdbc.shared-databases.slick.db.";
        assertThat(settings.getInt(db + "maxConnections")).isEqualTo(1);
        assertThat(settings.getString(db + "url").endsWith(";IFEXISTS=TRUE"))
                .isEqualTo(settings.getString(db + "url").startsWith("jdbc:h2:"));
    }

    private List<Journaled> all(int limit) {
        List<Journaled> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page page = await(maintenance().entities().page(after, limit));
            assertThat(page.entities().size()).isLessThanOrEqualTo(limit);
            all.addAll(page.entities());
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    private void count(String id, int times) {
        TestProbe<Long> probe = TestProbe.create(node.system);
        ActorRef<Counter.Increment> counter = node.system.systemActorOf(
                Counter.create(new EntityId("t", id)), "counter" + System.nanoTime(), Props.empty());
        for (int i = 0; i < times; i++) {
            counter.tell(new Counter.Increment(probe.ref()));
        }
        probe.receiveSeveralMessages(times, Duration.ofSeconds(15));
    }
}
