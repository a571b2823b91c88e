package io.lanying.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.notification.NotificationPartReply;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.position.PositionsReply;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.token.TokenOwnerReply;
import io.lanying.protocol.user.UserReply;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All examples together, and all classes that need one. */
final class Everything {

    private Everything() {}

    /** @param kit whose probes are the actors in them */
    static List<Object> examples(ActorTestKit kit) {
        var all = new ArrayList<Object>();
        all.addAll(Examples.events());
        all.addAll(Examples.bareEvents());
        all.addAll(Examples.snapshots());
        all.addAll(Examples.bareSnapshots());
        all.addAll(Examples.grown().values());
        all.addAll(Examples.parts());
        all.addAll(Examples.commands(
                kit.<DeviceReply>createTestProbe().ref(),
                kit.<TenantReply>createTestProbe().ref(),
                kit.<TokenOwnerReply>createTestProbe().ref(),
                kit.<SessionMessage>createTestProbe().ref()));
        all.addAll(NotificationExamples.events());
        all.addAll(NotificationExamples.bareEvents());
        all.addAll(NotificationExamples.snapshots());
        all.addAll(NotificationExamples.bareSnapshots());
        all.addAll(NotificationExamples.messages(
                kit.<NotificationReply>createTestProbe().ref(),
                kit.<NotificationPartReply>createTestProbe().ref()));
        all.addAll(UserExamples.events());
        all.addAll(UserExamples.bareEvents());
        all.addAll(UserExamples.snapshots());
        all.addAll(UserExamples.bareSnapshots());
        all.addAll(UserExamples.messages(kit.<UserReply>createTestProbe().ref()));
        all.addAll(ConversationExamples.events());
        all.addAll(ConversationExamples.bareEvents());
        all.addAll(ConversationExamples.snapshots());
        all.addAll(ConversationExamples.bareSnapshots());
        all.addAll(ConversationExamples.messages(
                kit.<ConversationReply>createTestProbe().ref()));
        all.addAll(ConversationExamples.answers());
        all.addAll(PositionExamples.events());
        all.addAll(PositionExamples.bareEvents());
        all.addAll(PositionExamples.snapshots());
        all.addAll(PositionExamples.bareSnapshots());
        all.addAll(PositionExamples.grown().values());
        all.addAll(PositionExamples.messages(
                kit.<PositionsReply>createTestProbe().ref(),
                kit.<ConversationReply>createTestProbe().ref(),
                kit.<UserReply>createTestProbe().ref()));
        all.addAll(PositionExamples.answers());
        all.addAll(ReceiptExamples.grown().values());
        all.addAll(ReceiptExamples.messages(
                kit.<PositionsReply>createTestProbe().ref(),
                kit.<ConversationReply>createTestProbe().ref()));
        all.addAll(ItemExamples.events());
        all.addAll(ItemExamples.bareEvents());
        all.addAll(ItemExamples.grown().values());
        all.addAll(ItemExamples.parts(kit.<DeviceCommand>createTestProbe().ref()));
        all.addAll(ItemExamples.messages(
                kit.<DeviceReply>createTestProbe().ref(),
                kit.<UserReply>createTestProbe().ref(),
                kit.<ConversationReply>createTestProbe().ref()));
        all.addAll(Examples.answers(kit.<DeviceCommand>createTestProbe().ref()));
        return all;
    }

    /** All classes of the module that may be written or sent. */
    static List<Class<?>> serialisableClasses() throws IOException, ClassNotFoundException {
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

    /** Adds the classes of the records that a value is made of. */
    static void collect(Object value, Set<Class<?>> into) throws ReflectiveOperationException {
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
