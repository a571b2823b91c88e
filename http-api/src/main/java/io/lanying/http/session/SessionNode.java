package io.lanying.http.session;

import io.lanying.http.message.OwnMessages;
import io.lanying.protocol.sealing.Sealing;
import java.time.Clock;

/** What all sessions of a node share. */
record SessionNode(
        SocketSettings settings,
        SocketMetrics metrics,
        DeviceRefs devices,
        ConversationRefs conversations,
        AttachGate gate,
        Sealing sealing,
        OwnMessages messages,
        Clock clock) {}
