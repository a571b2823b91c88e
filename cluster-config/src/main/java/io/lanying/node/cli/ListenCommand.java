package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.node.cli.Api.Answer;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.wire.ServerFrame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lanying listen}: a device in the terminal. */
@Command(
        name = "listen",
        description =
                "Be a device: print items as they come, acknowledge them, come back after disconnects. "
                        + "The position is kept in the data directory. With --conversation, lines that are typed are sent there.",
        mixinStandardHelpOptions = true)
public final class ListenCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--device", required = true, description = "The device's id.")
    private String device = "";

    @Option(names = "--token", description = "A session token of the device. Default: one is got with the API key.")
    private @Nullable String token;

    @Option(
            names = "--conversation",
            description = "Talk in this conversation: a line of input is a message of the device's user. "
                    + "Ends with the input, once everything is answered.")
    private @Nullable String conversation;

    @Override
    public Integer call() {
        if (!EntityId.isValid(device)) {
            throw new CommandFailed("--device must match [A-Za-z0-9._~-]{1,64}");
        }
        if (conversation != null && !EntityId.isValid(conversation)) {
            throw new CommandFailed("--conversation must match [A-Za-z0-9._~-]{1,64}");
        }
        HttpClient http = HttpClient.newHttpClient();
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        Device listening = new Device(http, server.url(), terminal, true);
        if (conversation == null) {
            listening.run();
            return 0;
        }
        return talk(listening, terminal, conversation);
    }

    /** Listens while another thread sends what is typed; the end of the input ends both. */
    private static int talk(Device listening, Terminal terminal, String conversation) {
        Talker talker = new Talker(listening::send);
        terminal.talker = talker;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        AtomicBoolean allSent = new AtomicBoolean();
        Thread typing = new Thread(
                () -> {
                    try {
                        allSent.set(new TypedLines(in, talker, conversation, terminal::print).sendAll());
                    } catch (IOException e) {
                        terminal.print("the input cannot be read: " + e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        listening.close();
                    }
                },
                "typed-lines");
        typing.setDaemon(true);
        typing.start();
        listening.run();
        return allSent.get() ? 0 : 1;
    }

    /** Asks for a session token of a device. */
    static String sessionToken(Api api, String device) {
        try {
            Answer answer = api.post("/v1/devices/" + device + "/session-tokens", Json.object());
            if (answer.ok()) {
                return answer.body().path("token").asText();
            }
            if (answer.status() == 429 || answer.status() >= 500) {
                throw new java.util.concurrent.CompletionException(new IOException(answer.problem()));
            }
            throw new CommandFailed("no session token for device " + device + ": " + answer.problem());
        } catch (IOException e) {
            // Like a connection that cannot be made: tried again.
            throw new java.util.concurrent.CompletionException(e);
        }
    }

    /** Prints to the terminal and keeps the position in a file. */
    private final class Terminal implements Device.App {

        private final PrintWriter out;
        private final LocalState state = LocalState.listeners();
        private final String file = device + ".json";
        private volatile @Nullable Talker talker;

        Terminal(PrintWriter out) {
            this.out = out;
        }

        @Override
        public String token() {
            return token != null ? token : sessionToken(server.api(), device);
        }

        @Override
        public StreamPosition position() {
            return state.read(file)
                    .map(json -> new StreamPosition(
                            json.path("streamId").asText(),
                            json.path("ackedSeq").asLong()))
                    .orElse(StreamPosition.START);
        }

        @Override
        public void moved(StreamPosition position) {
            state.write(file, Json.object().put("streamId", position.streamId()).put("ackedSeq", position.ackedSeq()));
        }

        @Override
        public void item(ServerFrame.Item item) {
            print(describe(item));
        }

        @Override
        public void gone(ServerFrame.Gone gone) {
            print("items " + gone.fromSeq() + " to " + gone.toSeq() + " will not come: " + gone.fate());
        }

        @Override
        public void reply(ServerFrame.Reply reply) {
            Talker talking = talker;
            if (talking != null) {
                talking.came(reply);
            }
        }

        @Override
        public void status(String line) {
            print(line);
        }

        private synchronized void print(String line) {
            out.println(line);
            out.flush();
        }
    }

    /** One item in one line. */
    static String describe(ServerFrame.Item item) {
        if (item.kind().equals("receipt")) {
            return describeReceipt(item);
        }
        if (item.body().has("messageId")) {
            return describeMessage(item);
        }
        JsonNode title = item.body().path("title");
        JsonNode text = item.body().path("body");
        return "item " + item.itemSeq() + " " + item.kind()
                + (item.redeliveryOf() == null ? "" : " (redelivery of " + item.redeliveryOf() + ")") + " " + item.id()
                + (title.isMissingNode() ? "" : " \"" + printable(title.asText()) + "\"")
                + (text.isMissingNode() ? "" : " " + printable(text.asText()));
    }

    /** A message, its edit, its recall: who said what where. */
    private static String describeMessage(ServerFrame.Item item) {
        JsonNode body = item.body();
        String text =
                body.path("content").path("text").asText("(" + body.path("type").asText() + ")");
        String said = body.has("senderId") ? " " + body.path("senderId").asText() + ": " + text : "";
        return "item " + item.itemSeq() + " " + item.kind() + " " + item.id() + printable(said);
    }

    /** How far the person's newest message came. */
    private static String describeReceipt(ServerFrame.Item item) {
        JsonNode body = item.body();
        return "item " + item.itemSeq() + " receipt "
                + printable(body.path("messageId").asText()) + ": "
                + body.path("delivered").asInt() + " of " + body.path("members").asInt() + " have it, "
                + body.path("read").asInt() + " have read it";
    }

    /** Whoever sends a notification must not be able to move the cursor of the terminal that shows it. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }
}
