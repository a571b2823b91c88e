package io.lanying.persistence.attachment;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of objects promises. */
abstract class BlobStoreContract {

    abstract BlobStore store();

    @Test
    void whatIsPutIsReadInParts() {
        byte[] bytes = Contents.random(100_000);
        await(store().put("t-a/ab/one", bytes));
        assertThat(await(store().read("t-a/ab/one", 0, bytes.length))).isEqualTo(bytes);
        assertThat(await(store().read("t-a/ab/one", 99_999, 1))).containsExactly(bytes[99_999]);
        assertThat(await(store().read("t-a/ab/one", 5, 3))).containsExactly(bytes[5], bytes[6], bytes[7]);
    }

    @Test
    void whatIsNotThereIsMissingAndGoneTwice() {
        await(store().put("t-a/ab/two", new byte[] {1}));
        await(store().delete("t-a/ab/two"));
        await(store().delete("t-a/ab/two"));
        assertThatThrownBy(() -> await(store().read("t-a/ab/two", 0, 1))).hasCauseInstanceOf(BlobStore.Missing.class);
    }

    @Test
    void moreThanThereIsFails() {
        await(store().put("t-a/ab/three", new byte[] {1, 2, 3}));
        assertThatThrownBy(() -> await(store().read("t-a/ab/three", 1, 3)));
        assertThatThrownBy(() -> await(store().read("t-a/ab/three", 7, 3)));
    }

    @Test
    void namesLeadNowhereElse() {
        for (String name : List.of(
                "",
                "/etc/passwd",
                "../a",
                "a/../../b",
                "a/./b",
                "a//b",
                ".hidden",
                "a/",
                "a\0b",
                "a\\b",
                "a b",
                "ä",
                "a\n")) {
            assertThat(BlobStore.isName(name)).as(name).isFalse();
            assertThatIllegalArgumentException().isThrownBy(() -> store().put(name, new byte[1]));
            assertThatIllegalArgumentException().isThrownBy(() -> store().read(name, 0, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> store().delete(name));
        }
        assertThat(BlobStore.isName("t-..~/ab/0-1")).as("of a tenant called so").isTrue();
    }
}
