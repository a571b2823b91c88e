package io.lanying.actors.device;

import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceReply;
import java.util.List;

/** What a state decided about a command: the events to journal, all or none, and the answer once they are there. */
record Decision(List<DeviceEvent> events, DeviceReply reply) {

    Decision {
        events = List.copyOf(events);
    }

    static Decision answer(DeviceReply reply) {
        return new Decision(List.of(), reply);
    }
}
