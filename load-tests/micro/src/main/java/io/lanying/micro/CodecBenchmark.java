package io.lanying.micro;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.SerializerWithStringManifest;
import com.typesafe.config.ConfigFactory;
import io.lanying.actors.device.DeviceFold;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.ItemKind;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Events, a snapshot, a command and an answer to CBOR and back, by Akka's serialisation as journal and remoting use it. */
@SuppressWarnings("NullAway.Init") // JMH sets it up
public class CodecBenchmark extends ShortRun {

    /** The snapshot is of a device with 900 open items. */
    @Param({"ItemAccepted", "ConversationNoted", "AcceptPush", "PushAccepted", "DeviceSnapshot"})
    public String type;

    private ActorSystem<Void> system;
    private Serialization serialization;
    private Object message;
    private byte[] bytes;
    private int serializer;
    private String manifest;

    @Setup
    public void prepare() {
        var config = ConfigFactory.parseString(
                        "akka { actor.provider = local, loglevel = WARNING, stdout-loglevel = WARNING }")
                .withFallback(ConfigFactory.load());
        system = ActorSystem.create(Behaviors.empty(), "micro", config);
        serialization = SerializationExtension.get(system);
        message = message(system.systemActorOf(Behaviors.ignore(), "asker", Props.empty()));
        var found = (SerializerWithStringManifest) serialization.findSerializerFor(message);
        serializer = found.identifier();
        manifest = found.manifest(message);
        bytes = write();
        if (!read().equals(message)) {
            throw Samples.wrong(read());
        }
    }

    @TearDown
    public void stop() {
        system.terminate();
    }

    @Benchmark
    public byte[] write() {
        return serialization.serialize(message).get();
    }

    @Benchmark
    public Object read() {
        return serialization.deserialize(bytes, serializer, manifest).get();
    }

    private Object message(ActorRef<DeviceReply> asker) {
        return switch (type) {
            case "ItemAccepted" -> Samples.accepted(42, 41);
            case "ConversationNoted" -> noted();
            case "AcceptPush" -> Samples.push(42, asker);
            case "PushAccepted" -> new DeviceReply.PushAccepted(Samples.notificationId(42), 42, false);
            case "DeviceSnapshot" -> snapshot();
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static ConversationNoted noted() {
        var range = new NotedRange(ItemKind.MESSAGE, 17, 17, 1, Alert.ALERT, Optional.empty());
        return new ConversationNoted(
                Samples.AT, "team-4711", 99, 17, 42, List.of(range), 41, Optional.of(new Counts(3, 17, false)));
    }

    private static DeviceSnapshot snapshot() {
        var device = DeviceFold.initial();
        for (var event : Samples.journal(900)) {
            device = device.apply(event);
        }
        return device.toSnapshot();
    }
}
