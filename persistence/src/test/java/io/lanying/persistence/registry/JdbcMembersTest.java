package io.lanying.persistence.registry;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.registry.MemberRegistry;
import io.lanying.protocol.registry.MemberRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@ForEachStore
class JdbcMembersTest extends StoreTest {

    private static final Instant AT = Instant.parse("2026-11-20T10:00:00.123Z");

    @Test
    void whoIsInIsListedByConversation() {
        var acme = new EntityId("members", "g1");
        assertThat(write(acme, 0, row(acme, "u1", 1, false), row(acme, "u2", 1, false)))
                .isTrue();
        var other = new EntityId("members", "a1");
        assertThat(write(other, 0, row(other, "u1", 1, false))).isTrue();
        assertThat(ids("members", "u1")).containsExactly("a1", "g1");
        assertThat(ids("others", "u1")).isEmpty();

        assertThat(write(acme, 1, row(acme, "u1", 2, true))).isTrue();
        assertThat(write(acme, 0, row(acme, "u1", 1, false))).as("late").isTrue();
        assertThat(ids("members", "u1")).containsExactly("a1");
        var changes = await(queries().conversations("members", "u1", Optional.of(AT), Optional.empty(), 10));
        assertThat(changes.rows()).contains(row(acme, "u1", 2, true));
        assertThat(await(queries().conversations("members", "u1", Optional.of(AT.plusMillis(1)), Optional.empty(), 10))
                        .rows())
                .isEmpty();
    }

    @Test
    void whatIsMissingIsSaidAndThenReplaced() {
        var group = new EntityId("missing", "g1");
        assertThat(write(group, 0, row(group, "u1", 1, false), row(group, "u2", 1, false)))
                .isTrue();
        assertThat(write(group, 5, row(group, "u4", 7, false)))
                .as("event 5 was never written")
                .isFalse();
        assertThat(ids("missing", "u4")).isEmpty();
        await(members().replace(group, 7, AT, List.of(row(group, "u1", 7, false), row(group, "u4", 7, false))));
        assertThat(ids("missing", "u2")).isEmpty();
        assertThat(ids("missing", "u4")).containsExactly("g1");
        assertThat(write(group, 7)).isTrue();
        await(members().replace(group, 9, AT, List.of()));
        assertThat(ids("missing", "u1")).isEmpty();
    }

    @Test
    void pagesComeByIdAndNoneIsLeftOut() {
        for (String id : List.of("b", "B", "a", "~", "0")) {
            var group = new EntityId("lists", id);
            write(group, 0, row(group, "u1", 1, false));
        }
        var first = await(queries().conversations("lists", "u1", Optional.empty(), Optional.empty(), 3));
        assertThat(first.rows()).extracting(MemberRow::conversationId).containsExactly("0", "B", "a");
        var second = await(queries().conversations("lists", "u1", Optional.empty(), first.next(), 3));
        assertThat(second.rows()).extracting(MemberRow::conversationId).containsExactly("b", "~");
        assertThat(second.next()).isEmpty();
    }

    private boolean write(EntityId conversation, long after, MemberRow... rows) {
        return await(members().write(conversation, after, List.of(rows)));
    }

    private List<String> ids(String tenant, String userId) {
        return await(queries().conversations(tenant, userId, Optional.empty(), Optional.empty(), 100)).rows().stream()
                .map(MemberRow::conversationId)
                .toList();
    }

    private static MemberRow row(EntityId conversation, String userId, long version, boolean gone) {
        return new MemberRow(conversation.tenant(), userId, conversation.id(), version, gone, AT);
    }

    private MemberRegistry members() {
        return node.persistence.members();
    }

    private RegistryQueries queries() {
        return node.persistence.registryQueries();
    }
}
