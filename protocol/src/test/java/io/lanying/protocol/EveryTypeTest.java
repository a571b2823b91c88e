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
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
        var all = new ArrayList<Object>();
        all.addAll(Examples.events());
        all.addAll(Examples.bareEvents());
        all.addAll(Examples.snapshots());
        all.addAll(Examples.bareSnapshots());
        all.addAll(Examples.grown().values());
        all.addAll(Examples.parts());
        all.addAll(Examples.commands(
                TEST_KIT.<DeviceReply>createTestProbe().ref(),
                TEST_KIT.<TenantReply>createTestProbe().ref(),
                TEST_KIT.<TokenOwnerReply>createTestProbe().ref(),
                TEST_KIT.<SessionMessage>createTestProbe().ref()));
        all.addAll(NotificationExamples.events());
        all.addAll(NotificationExamples.bareEvents());
        all.addAll(NotificationExamples.snapshots());
        all.addAll(NotificationExamples.bareSnapshots());
        all.addAll(NotificationExamples.messages(
                TEST_KIT.<NotificationReply>createTestProbe().ref(),
                TEST_KIT.<NotificationPartReply>createTestProbe().ref()));
        all.addAll(UserExamples.events());
        all.addAll(UserExamples.bareEvents());
        all.addAll(UserExamples.snapshots());
        all.addAll(UserExamples.bareSnapshots());
        all.addAll(UserExamples.messages(TEST_KIT.<UserReply>createTestProbe().ref()));
        all.addAll(ConversationExamples.events());
        all.addAll(ConversationExamples.bareEvents());
        all.addAll(ConversationExamples.snapshots());
        all.addAll(ConversationExamples.bareSnapshots());
        all.addAll(ConversationExamples.messages(
                TEST_KIT.<ConversationReply>createTestProbe().ref()));
        all.addAll(ConversationExamples.answers());
        all.addAll(PositionExamples.events());
        all.addAll(PositionExamples.bareEvents());
        all.addAll(PositionExamples.snapshots());
        all.addAll(PositionExamples.bareSnapshots());
        all.addAll(PositionExamples.grown().values());
        all.addAll(PositionExamples.messages(
                TEST_KIT.<PositionsReply>createTestProbe().ref(),
                TEST_KIT.<ConversationReply>createTestProbe().ref(),
                TEST_KIT.<UserReply>createTestProbe().ref()));
        all.addAll(PositionExamples.answers());
        all.addAll(ReceiptExamples.grown().values());
        all.addAll(ReceiptExamples.messages(
                TEST_KIT.<PositionsReply>createTestProbe().ref(),
                TEST_KIT.<ConversationReply>createTestProbe().ref()));
        all.addAll(ItemExamples.events());
        all.addAll(ItemExamples.bareEvents());
        all.addAll(ItemExamples.grown().values());
        all.addAll(ItemExamples.parts(TEST_KIT.<DeviceCommand>createTestProbe().ref()));
        all.addAll(ItemExamples.messages(
                TEST_KIT.<DeviceReply>createTestProbe().ref(),
                TEST_KIT.<UserReply>createTestProbe().ref(),
                TEST_KIT.<ConversationReply>createTestProbe().ref()));
        all.addAll(Examples.answers(TEST_KIT.<DeviceCommand>createTestProbe().ref()));
        return all;
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
            collect(example, occurring);
        }

        assertThat(occurring).containsAll(serialisableClasses());
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

    private static List<Class<?>> serialisableClasses() throws IOException, ClassNotFoundException {
        Path root = Path.of(Persisted.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        var result = new ArrayList<Class<?>>();
        try (var files = Files.walk(root)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                if (name.endsWith("package-info")) {
                    continue;
                }
                Class<?> type = Class.forName(name, false, Persisted.class.getClassLoader());
                boolean serialisable = Persisted.class.isAssignableFrom(type) || Remoted.class.isAssignableFrom(type);
                if (serialisable && !type.isInterface()) {
                    result.add(type);
                }
            }
        }
        assertThat(result).isNotEmpty();
        return result;
    }

    private static void collect(Object value, Set<Class<?>> into) throws ReflectiveOperationException {
        if (value instanceof Optional<?> optional) {
            if (optional.isPresent()) {
                collect(optional.get(), into);
            }
        } else if (value instanceof Collection<?> collection) {
            for (Object each : collection) {
                collect(each, into);
            }
        } else if (value instanceof Record) {
            into.add(value.getClass());
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                collect(component.getAccessor().invoke(value), into);
            }
        }
    }
}
