package io.lanying.node.cli;

import io.lanying.protocol.wire.ServerFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A device inside the quickstart: runs on a thread of its own and writes down what it received. Thread-safe. */
final class QuickstartDevice implements Device.App, AutoCloseable {

    /** An item as received or as the journal has it. */
    record Item(long itemSeq, String id) {}

    private final Supplier<String> tokens;
    private final Consumer<ServerFrame.Item> shown;
    private final Device device;
    private final Talker talker;
    private final List<Item> received = new ArrayList<>();
    private StreamPosition position = StreamPosition.START;

    /** @param shown told each item, in order */
    QuickstartDevice(
            HttpClient http,
            URI server,
            String id,
            Supplier<String> tokens,
            boolean acknowledges,
            Consumer<ServerFrame.Item> shown) {
        this.tokens = tokens;
        this.shown = shown;
        this.device = new Device(http, server, this, acknowledges);
        this.talker = new Talker(device::send);
        Thread thread = new Thread(device::run, "device-" + id);
        thread.setDaemon(true);
        thread.start();
    }

    /** Everything received so far, repeats included. */
    synchronized List<Item> received() {
        return List.copyOf(received);
    }

    /** Says something into a conversation; empty if nobody answered in time. One thread. */
    Optional<ServerFrame.Reply> say(String conversationId, String text, Duration patience) {
        try {
            return talker.say(conversationId, text, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted", e);
        }
    }

    @Override
    public void reply(ServerFrame.Reply reply) {
        talker.came(reply);
    }

    @Override
    public void close() {
        device.close();
    }

    @Override
    public String token() {
        return tokens.get();
    }

    @Override
    public synchronized StreamPosition position() {
        return position;
    }

    @Override
    public synchronized void moved(StreamPosition to) {
        position = to;
    }

    @Override
    public void item(ServerFrame.Item item) {
        synchronized (this) {
            received.add(new Item(item.itemSeq(), item.id()));
        }
        shown.accept(item);
    }

    @Override
    public void gone(ServerFrame.Gone gone) {
        // The quickstart sends nothing that could end before it is acknowledged; a hole shows when lists are compared.
    }

    @Override
    public void status(String line) {
        // Connections come and go with the node, which the story tells.
    }
}
