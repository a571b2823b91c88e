package io.lanying.protocol;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.Fate;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this build does not know, or must not read, is refused loudly: a state is never folded from half a journal. */
class RefusedTypesTest {

    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ConfigFactory.load());
    private static final Wire WIRE = new Wire(TEST_KIT.system());

    @AfterAll
    static void stop() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void anEventOfANewerBuildIsRefused() {
        byte[] bytes = WIRE.encode(new DeviceEvent.DeviceDeleted(Examples.AT));

        assertThatThrownBy(() -> WIRE.decode(bytes, "io.lanying.protocol.device.DeviceEvent$Teleported"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("Teleported");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.util.HashMap",
                "java.lang.String",
                "javax.script.ScriptEngineManager",
                "com.sun.rowset.JdbcRowSetImpl"
            })
    void aClassOutsideTheAllowListIsRefused(String manifest) throws Exception {
        byte[] bytes = Wire.CBOR.writeValueAsBytes(Map.of("a", "b"));

        assertThatThrownBy(() -> WIRE.decode(bytes, manifest))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(manifest);
    }

    @Test
    void anUnknownConstantIsRefused() throws Exception {
        var example = new DeviceEvent.ItemsEnded(Examples.AT, Fate.EXPIRED, Optional.empty(), List.of(1L));
        byte[] bytes = Wire.changed(WIRE.encode(example), object -> object.put("fate", "evaporated"));

        assertThatThrownBy(() -> WIRE.decode(bytes, WIRE.manifest(example))).hasMessageContaining("evaporated");
    }

    @Test
    void javaSerialisationIsOff() {
        record NotOurs(String text) implements Serializable {}

        assertThatThrownBy(() -> WIRE.encode(new NotOurs("a"))).hasMessageContaining("allow-java-serialization");
    }
}
