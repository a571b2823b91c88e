package io.lanying.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationPartCommand;
import io.lanying.protocol.notification.NotificationPartEvent;
import io.lanying.protocol.notification.NotificationPartReply;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.position.PositionsReply;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.token.TokenOwnerCommand;
import io.lanying.protocol.token.TokenOwnerEvent;
import io.lanying.protocol.token.TokenOwnerReply;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserEvent;
import io.lanying.protocol.user.UserReply;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No command, event, reply, session message or snapshot can be forgotten: each has an example that survives the wire. */
class EveryTypeTest {

    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ConfigFactory.load());
    private static final Wire WIRE = new Wire(TEST_KIT.system());

    @AfterAll
    static void stop() {
        TEST_KIT.shutdownTestKit();
    }

    static List<Object> examples() {
        return Everything.examples(TEST_KIT);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ConversationCommand.class,
                ConversationEvent.class,
                ConversationReply.class,
                DeviceCommand.class,
                DeviceEvent.class,
                DeviceReply.class,
                NotificationCommand.class,
                NotificationEvent.class,
                NotificationReply.class,
                NotificationPartCommand.class,
                NotificationPartEvent.class,
                NotificationPartReply.class,
                PositionsCommand.class,
                PositionsEvent.class,
                PositionsReply.class,
                SessionMessage.class,
                TenantCommand.class,
                TenantEvent.class,
                TokenOwnerCommand.class,
                TokenOwnerEvent.class,
                TokenOwnerReply.class,
                TenantReply.class,
                UserCommand.class,
                UserEvent.class,
                UserReply.class
            })
    void everyPermittedSubtypeHasAnExample(Class<?> sealedType) {
        Set<Class<?>> withExample = new HashSet<>();
        examples().forEach(example -> withExample.add(example.getClass()));

        for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
            if (!permitted.isInterface()) { // Internal: an open interface for messages that never leave their node
                assertThat(withExample).as("add an example of it to Examples").contains(permitted);
            }
        }
    }

    @Test
    void everySerialisableClassOfTheModuleOccursInAnExample() throws Exception {
        Set<Class<?>> occurring = new HashSet<>();
        for (Object example : examples()) {
            Everything.collect(example, occurring);
        }

        assertThat(occurring).containsAll(Everything.serialisableClasses());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleSurvivesTheWireAsJacksonCbor(Object example) {
        assertThat(WIRE.serializer(example)).isEqualTo(Wire.JACKSON_CBOR);
        assertThat(WIRE.roundTrip(example)).isEqualTo(example);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theManifestIsTheClassNameOnly(Object example) {
        assertThat(WIRE.manifest(example)).isEqualTo(example.getClass().getName());
    }
}
