package io.lanying.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntrancesTest {

    private static final URI ONE = URI.create("http://127.0.0.1:1");
    private static final URI TWO = URI.create("http://127.0.0.1:2");
    private static final URI THREE = URI.create("http://127.0.0.1:3");

    @Test
    void callsGoEverywhereAndWhoComesBackGoesElsewhere() {
        Entrances entrances = new Entrances(List.of(ONE, TWO, THREE), 1);
        Set<URI> any = new HashSet<>();
        Set<URI> others = new HashSet<>();
        for (int time = 0; time < 100; time++) {
            any.add(entrances.any());
            others.add(entrances.otherThan(ONE));
        }

        assertThat(any).containsExactlyInAnyOrder(ONE, TWO, THREE);
        assertThat(others).containsExactlyInAnyOrder(TWO, THREE);
        assertThat(Entrances.only(ONE).otherThan(ONE)).isEqualTo(ONE);
    }

    @Test
    void whatIsTakenAwayIsNotFoundAndTheLastOneStays() {
        Entrances entrances = new Entrances(List.of(ONE, TWO), 1);
        entrances.add(THREE);
        entrances.remove(ONE);
        entrances.remove(TWO);

        assertThat(entrances.any()).isEqualTo(THREE);
        assertThatThrownBy(() -> entrances.remove(THREE)).isInstanceOf(IllegalStateException.class);
    }
}
