package io.lanying.load.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.client.Service;
import io.lanying.load.crash.AgentJar;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One node's clock is an hour ahead, then an hour behind: it is replaced by one whose clock is wrong, twice, and shards move to it and away
 * from it. What waits for devices that are away may be kept for half an hour only: how much of it ends too early is reported.
 */
final class WrongClock implements Harm {

    private static final String TENANT = "timely";
    private static final int DEVICES = 12;
    private static final long HOUR = 3_600;
    private static final long KEPT_SECONDS = 1_800;
    private static final long UNSURE_SECONDS = 30;
    private static final Pattern ISSUED_AT = Pattern.compile("\"iat\":(\\d+)");
    private static final Duration LASTS = Duration.ofSeconds(15);

    private final List<String> notifications = new ArrayList<>();

    @Override
    public void prepare(Scene scene) {
        Service service = scene.rig().tenant(TENANT).service();
        Service.Registration nobodys = new Service.Registration("", List.of(), Optional.empty());
        for (String name : names()) {
            scene.rig().phone(service, name, nobodys, Phone.Manner.AWAY);
            ObjectNode notification = Service.notification(name, "kept", "for half an hour " + name);
            notification.withObject("delivery").put("ttlSeconds", KEPT_SECONDS);
            HistoryEvent outcome = Rig.await(service.send(name, "kept-" + name, notification));
            if (!(outcome instanceof HistoryEvent.Ok ok)) {
                throw new IllegalStateException("not accepted: " + outcome);
            }
            notifications.add(ok.notificationId());
        }
    }

    private static List<String> names() {
        return IntStream.range(0, DEVICES).mapToObj(number -> "away" + number).toList();
    }

    @Override
    public void strike(Scene scene) {
        AgentJar agent = AgentJar.in(scene.nodes().directories().get(0).resolveSibling("agent"));
        for (long ahead : List.of(HOUR, -HOUR)) {
            replace(scene, agent.option("ahead=" + ahead));
            demandWrong(scene, ahead);
            LockSupport.parkNanos(LASTS.toNanos());
            scene.struck();
            scene.awaitAnswered();
        }
    }

    private static void replace(Scene scene, String agent) {
        scene.struck();
        scene.stopped(scene.nodes().replace(scene.victim(), node -> node.withAgent(agent)));
        scene.awaitAnswered();
    }

    /** Tokens of devices say when they were issued. */
    private static void demandWrong(Scene scene, long ahead) {
        int another = (scene.victim() + 1) % scene.nodes().places();
        long seconds = issuedAt(scene, scene.victim()) - issuedAt(scene, another);
        if (Math.abs(seconds - ahead) > UNSURE_SECONDS) {
            throw new IllegalStateException("its clock is %d s ahead, not %d".formatted(seconds, ahead));
        }
    }

    private static long issuedAt(Scene scene, int place) {
        Service there =
                scene.senderOf(TENANT).service().at(scene.nodes().at(place).address());
        String token = Rig.await(there.sessionToken(names().get(0)));
        scene.rig().recorder().add(new HistoryEvent.Canary(TENANT, token, true));
        String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
        Matcher issued = ISSUED_AT.matcher(claims);
        if (!issued.find()) {
            throw new IllegalStateException("a token does not say when it was issued");
        }
        return Long.parseLong(issued.group(1));
    }

    @Override
    public void heal(Scene scene) {
        replace(scene, "");
    }

    @Override
    public void report(Scene scene) {
        Service service = scene.senderOf(TENANT).service();
        long early = 0;
        for (int device = 0; device < DEVICES; device++) {
            String fate = Rig.await(service.recordFate(names().get(device), notifications.get(device)));
            early += fate.equals("expired") ? 1 : 0;
        }
        scene.figure("pushes kept for half an hour", DEVICES);
        scene.figure("of these ended within minutes", early);
    }
}
