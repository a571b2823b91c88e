package io.lanying.actors.replay;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.typesafe.config.ConfigFactory;
import io.lanying.actors.conversation.ConversationState;
import io.lanying.actors.device.DeviceFold;
import io.lanying.actors.notification.NotificationPartState;
import io.lanying.actors.notification.NotificationState;
import io.lanying.actors.position.PositionsState;
import io.lanying.actors.replay.JournalCorpus.Entity;
import io.lanying.actors.replay.JournalCorpus.Row;
import io.lanying.actors.tenant.TenantState;
import io.lanying.actors.token.TokenOwnerState;
import io.lanying.actors.user.UserState;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.notification.NotificationPartSnapshot;
import io.lanying.protocol.notification.NotificationSnapshot;
import io.lanying.protocol.position.PositionsSnapshot;
import io.lanying.protocol.tenant.TenantSnapshot;
import io.lanying.protocol.token.TokenOwnerSnapshot;
import io.lanying.protocol.user.UserSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * I6 across builds: journals that earlier builds wrote fold without a word, and to what those builds had in their snapshots. A
 * snapshot of theirs says less where fields came later; what it says is the same.
 */
class JournalCorpusTest {

    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ConfigFactory.load());
    private static final Serialization SERIALIZATION = SerializationExtension.get(TEST_KIT.system());

    @AfterAll
    static void stop() {
        TEST_KIT.shutdownTestKit();
    }

    static Stream<Arguments> corpora() throws IOException {
        return JournalCorpus.all().stream().map(corpus -> Arguments.of(corpus.name(), corpus));
    }

    static Stream<Arguments> kinds() throws IOException {
        return JournalCorpus.all().stream().flatMap(corpus -> Stream.of(EntityKind.values())
                .map(kind -> Arguments.of(
                        corpus.name(),
                        kind,
                        corpus.entities().values().stream()
                                .filter(entity -> entity.kind() == kind)
                                .toList())));
    }

    /** A corpus that lacks a kind would prove nothing about it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("corpora")
    void everyKindIsThereWithEventsBeforeAndAfterASnapshot(String build, JournalCorpus corpus) {
        var before = EnumSet.noneOf(EntityKind.class);
        var after = EnumSet.noneOf(EntityKind.class);
        for (Entity entity : corpus.entities().values()) {
            for (Row snapshot : entity.snapshots()) {
                before.add(entity.kind());
                if (entity.events().size() > snapshot.eventSeq()) {
                    after.add(entity.kind());
                }
            }
        }

        assertThat(before).containsExactlyInAnyOrder(EntityKind.values());
        assertThat(after).containsExactlyInAnyOrder(EntityKind.values());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("kinds")
    void everyRowIsReadAndNothingInItIsLost(String build, EntityKind kind, List<Entity> entities) throws IOException {
        for (Entity entity : entities) {
            for (Row row : Stream.concat(entity.events().stream(), entity.snapshots().stream())
                    .toList()) {
                Persisted decoded = decode(row);

                assertThat(decoded.getClass().getName()).isEqualTo(row.manifest());
                assertSays(CBOR.readTree(row.bytes()), tree(decoded));
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("kinds")
    void aSnapshotIsTheFoldOfTheEventsUpToIt(String build, EntityKind kind, List<Entity> entities) throws IOException {
        for (Entity entity : entities) {
            List<EntityFold> states = states(EntityFold.of(kind), entity.events());
            for (Row snapshot : entity.snapshots()) {
                EntityFold then = states.get(Math.toIntExact(snapshot.eventSeq()));

                assertSays(tree(decode(snapshot)), tree(then.toSnapshot()));
            }
        }
    }

    /** As an entity starts: from what the earlier build kept, and the events since. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("kinds")
    void aSnapshotAndTheEventsAfterItAreTheFoldOfAll(String build, EntityKind kind, List<Entity> entities)
            throws IOException {
        for (Entity entity : entities) {
            List<Row> events = entity.events();
            EntityFold all = states(EntityFold.of(kind), events).get(events.size());
            for (Row snapshot : entity.snapshots()) {
                List<Row> since = events.subList(Math.toIntExact(snapshot.eventSeq()), events.size());
                EntityFold resumed = states(fold(kind, decode(snapshot)), since).get(since.size());

                assertSays(tree(resumed.toSnapshot()), tree(all.toSnapshot()));
            }
        }
    }

    /** Before the first event and after each. */
    private static List<EntityFold> states(EntityFold start, List<Row> events) {
        var states = new ArrayList<EntityFold>();
        states.add(start);
        for (Row event : events) {
            states.add(states.get(states.size() - 1).apply(decode(event)));
        }
        return states;
    }

    private static EntityFold fold(EntityKind kind, Persisted snapshot) {
        return switch (kind) {
            case DEVICE -> new EntityFold.OfDevice(DeviceFold.of((DeviceSnapshot) snapshot));
            case TENANT -> new EntityFold.OfTenant(TenantState.fromSnapshot((TenantSnapshot) snapshot));
            case USER -> new EntityFold.OfUser(new UserState((UserSnapshot) snapshot));
            case TOKEN_OWNER -> new EntityFold.OfTokenOwner(new TokenOwnerState((TokenOwnerSnapshot) snapshot));
            case NOTIFICATION -> new EntityFold.OfNotification(new NotificationState((NotificationSnapshot) snapshot));
            case NOTIFICATION_PART ->
                new EntityFold.OfPart(NotificationPartState.fromSnapshot((NotificationPartSnapshot) snapshot));
            case CONVERSATION ->
                new EntityFold.OfConversation(ConversationState.fromSnapshot((ConversationSnapshot) snapshot));
            case POSITIONS -> new EntityFold.OfPositions(PositionsState.fromSnapshot((PositionsSnapshot) snapshot));
        };
    }

    private static Persisted decode(Row row) {
        return (Persisted) SERIALIZATION
                .deserialize(row.bytes(), row.serializer(), row.manifest())
                .get();
    }

    private static JsonNode tree(Persisted value) throws IOException {
        return CBOR.readTree(SERIALIZATION.serialize(value).get());
    }

    private static void assertSays(JsonNode earlier, JsonNode now) {
        assertThat(missing(earlier, now, "")).isEmpty();
    }

    /** Where the second does not say what the first one says; it may say more. */
    private static List<String> missing(JsonNode earlier, JsonNode now, String path) {
        if (earlier.isObject() && now.isObject()) {
            return earlier.propertyStream()
                    .flatMap(field ->
                            missing(field.getValue(), now.path(field.getKey()), path + "/" + field.getKey()).stream())
                    .toList();
        }
        if (earlier.isArray() && now.isArray() && earlier.size() == now.size()) {
            var all = new ArrayList<String>();
            for (int index = 0; index < earlier.size(); index++) {
                all.addAll(missing(earlier.get(index), now.get(index), path + "/" + index));
            }
            return all;
        }
        return earlier.equals(now) ? List.of() : List.of(path + ": " + earlier + " is " + now);
    }
}
