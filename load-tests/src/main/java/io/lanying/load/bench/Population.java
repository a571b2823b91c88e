package io.lanying.load.bench;

import io.lanying.load.client.Answer;
import io.lanying.load.client.Api;
import io.lanying.load.client.Operator;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.Service;
import io.lanying.load.history.Recorder;
import io.lanying.load.rig.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A tenant's devices, each with a user of its own.
 *
 * @param tokens what their apps connect with
 */
record Population(String apiKey, List<String> names, List<String> tokens) {

    static final String TENANT = "bench";

    private static final int AT_ONCE = 16;

    Population {
        names = List.copyOf(names);
        tokens = List.copyOf(tokens);
    }

    /** {@code d0}, {@code d1}, … */
    static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(index -> "d" + index).toList();
    }

    /** Makes the tenant and registers devices through the API, some at once. */
    static Population register(ServerProcess server, List<String> names) {
        String key = Rig.await(
                new Operator(Api.newHttpClient(), server.address(), ServerSettings.OPERATOR_KEY).newKey(TENANT));
        return new Population(key, List.of(), List.of()).others(server, names);
    }

    /** Registers other devices of the same tenant. */
    Population others(ServerProcess server, List<String> others) {
        Service service = service(server, apiKey);
        List<String> theirs = each(others, name -> service.bind(name, user(name))
                .thenApply(Answer::orThrow)
                .thenCompose(bound -> service.sessionToken(name)));
        return new Population(apiKey, others, theirs);
    }

    /** The user of a device. */
    static String user(String device) {
        return "user-" + device;
    }

    /** What the apps of other devices connect with. */
    List<String> tokensOf(ServerProcess server, List<String> devices) {
        return each(devices, service(server, apiKey)::sessionToken);
    }

    /** Asks for each device; throws if one is not known. */
    void view(ServerProcess server, List<String> devices) {
        each(devices, service(server, apiKey)::view);
    }

    private static Service service(ServerProcess server, String key) {
        return new Service(TENANT, new Api(Api.newHttpClient(), server.address(), key), new Recorder());
    }

    private static <T> List<T> each(List<String> names, Function<String, CompletableFuture<T>> call) {
        List<T> answers = new ArrayList<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            List<CompletableFuture<T>> page = names.subList(from, Math.min(names.size(), from + AT_ONCE)).stream()
                    .map(call)
                    .toList();
            page.forEach(answer -> answers.add(Rig.await(answer)));
        }
        return answers;
    }
}
