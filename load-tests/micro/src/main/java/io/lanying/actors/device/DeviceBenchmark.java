package io.lanying.actors.device;

import com.typesafe.config.ConfigFactory;
import io.lanying.micro.Samples;
import io.lanying.micro.ShortRun;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What a device decides and becomes, with the entity round it left out; it remembers 1,000 pushes in every case. */
@SuppressWarnings("NullAway.Init") // JMH sets it up
public class DeviceBenchmark extends ShortRun {

    private static final int PUSHES = 1_000;

    /** Items not yet acknowledged. */
    @Param({"0", "900"})
    public int open;

    private final DeviceLimits limits = DeviceLimits.from(ConfigFactory.load().getConfig("push.device"));
    private final AcceptPush push = nextPush();
    private DeviceState device;
    private DeviceState withOneMore;

    @Setup
    public void prepare() {
        device = withOpen(open);
        withOneMore = withOpen(open + 1);
        var decision = decide(device, 0).acceptPush(push);
        boolean accepted = decision.reply() instanceof PushAccepted answer && !answer.repeated();
        if (!accepted || acknowledge().present().size() != open) {
            throw Samples.wrong(decision);
        }
    }

    /** A push is decided about, and its event applied. */
    @Benchmark
    public Object acceptPush() {
        return after(device, decide(device, 0).acceptPush(push).events());
    }

    /** The position moves on by one item, in an event of its own. */
    @Benchmark
    public DeviceState acknowledge() {
        long acked = withOneMore.present().ackedSeq() + 1;
        return after(withOneMore, decide(withOneMore, acked).unjournaledAck());
    }

    private DeviceDecisions decide(DeviceState state, long acked) {
        return new DeviceDecisions(Samples.DEVICE, state, acked, Samples.AT, limits);
    }

    private static DeviceState withOpen(int items) {
        return after(DeviceState.initial(), Samples.journal(PUSHES))
                .apply(new Acknowledged(Samples.AT, PUSHES - items));
    }

    private static DeviceState after(DeviceState state, List<DeviceEvent> events) {
        var next = state;
        for (DeviceEvent event : events) {
            next = next.apply(event);
        }
        return next;
    }

    @SuppressWarnings("NullAway") // nobody answers here
    private static AcceptPush nextPush() {
        return Samples.push(PUSHES + 1, null);
    }
}
