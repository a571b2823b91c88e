package io.lanying.load.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.load.client.Service;
import io.lanying.load.client.VendorSimulator;
import io.lanying.load.client.VendorSimulator.Kind;
import io.lanying.load.history.HistoryEvent.VendorAsked;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.load.rig.Workload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** F14: what the vendor says of a token races with what the app says of it. */
final class TokenRaces {

    private static final int ROUNDS = 4;
    private static final int LATEST_MILLIS = 60;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Rig rig;
    private final VendorSimulator vendor;
    private final List<Sender> senders;

    /** @param senders whose phones race; the neighbours' goes on by itself meanwhile, and is not touched here */
    TokenRaces(Rig rig, VendorSimulator vendor, List<Sender> senders) {
        this.rig = rig;
        this.vendor = vendor;
        this.senders = List.copyOf(senders);
    }

    /** @return how many tokens were taken from devices which had just registered them, or kept although they are dead */
    long run() {
        long wrong = 0;
        List<Phone> phones = List.copyOf(rig.phones()).stream()
                .filter(phone -> phone.manner() == Phone.Manner.LOST)
                .filter(phone -> phone.registration()
                        .token()
                        .filter(token -> token.vendor() == vendor.kind())
                        .isPresent())
                .toList();
        for (Phone phone : phones) {
            for (int round = 0; round < ROUNDS; round++) {
                // Google names no time: what it called dead once stays dead, and only another token may be in the race.
                boolean same = vendor.kind() == Kind.APNS && round % 2 == 0;
                wrong += race(phone, same) ? 0 : 1;
            }
            wrong += dies(phone) ? 0 : 1;
        }
        moveWhileTrying();
        return wrong;
    }

    /** The vendor's word, late, and a registration at the same moment; true if the registered token is there in the end. */
    private boolean race(Phone phone, boolean sameToken) {
        Service.Token token = phone.registration().token().orElseThrow();
        vendor.rules(deadRule(token, System.currentTimeMillis()));
        long before = asked(token.value());
        CompletableFuture<Void> sent = senderOf(phone).sendTo(phone.device());
        Rig.holdsWithin(SOON, () -> asked(token.value()) > before);
        LockSupport.parkNanos(rig.random().nextInt(LATEST_MILLIS) * 1_000_000L);
        Service.Registration next =
                phone.registration().with(sameToken ? token : Workload.newToken(rig, vendor.kind()));
        rig.register(phone, next);
        Rig.await(sent);
        Rig.holdsWithin(SOON, () -> !isAsked(phone));
        vendor.rules();
        return tokens(phone) == 1;
    }

    /** A token that is dead, with nobody registering; true if it is taken away. The phone then gets a new one. */
    private boolean dies(Phone phone) {
        vendor.rules(deadRule(phone.registration().token().orElseThrow(), System.currentTimeMillis()));
        Rig.await(senderOf(phone).sendTo(phone.device()));
        boolean gone = Rig.holdsWithin(SOON, () -> tokens(phone) == 0);
        vendor.rules();
        rig.register(phone, phone.registration().with(Workload.newToken(rig, vendor.kind())));
        return gone;
    }

    /** While the vendor is asked again and again for one device, its token goes to another one, who must not see it. */
    private void moveWhileTrying() {
        Rig.awaitSent(senders);
        Phone first = rig.phones().stream()
                .filter(phone -> phone.manner() == Phone.Manner.AWAY)
                .filter(phone -> phone.registration().token().orElseThrow().vendor() == vendor.kind())
                .findFirst()
                .orElseThrow();
        String token = first.registration().token().orElseThrow().value();
        vendor.rules(
                vendor.kind() == Kind.APNS
                        ? "token=" + token + " status=503 reason=ServiceUnavailable"
                        : "token=" + token + " UNAVAILABLE:1");
        long before = asked(token);
        Rig.await(senderOf(first).sendTo(first.device()));
        Rig.awaitUntil(SOON, "the vendor is asked", () -> asked(token) > before);
        Phone next = rig.phone(first.service(), "next", first.registration(), Phone.Manner.LOST);
        rig.loseToken(first);
        // What was under way has ended by then: nothing may be asked any more.
        LockSupport.parkNanos(Duration.ofSeconds(9).toNanos());
        vendor.rules();
        Rig.await(senderOf(first).sendTo(next.device()));
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos()); // longer than any pause before another try
    }

    private String deadRule(Service.Token token, long sinceMillis) {
        return vendor.kind() == Kind.APNS
                ? "token=" + token.value() + " status=410 reason=Unregistered timestamp=" + sinceMillis + " delayMs="
                        + rig.random().nextInt(LATEST_MILLIS)
                : "token=" + token.value() + " UNREGISTERED";
    }

    private long asked(String token) {
        vendor.recordNews(rig.recorder());
        return rig.recorder()
                .history()
                .all(VendorAsked.class)
                .filter(asked -> asked.token().equals(token))
                .count();
    }

    private boolean isAsked(Phone phone) {
        return !state(phone).at("/state/stream/vendors").findValues("offeredTo").stream()
                .allMatch(JsonNode::isNull);
    }

    private JsonNode state(Phone phone) {
        return Rig.await(phone.service().get("/v1/journal/devices/" + phone.device() + "/state"))
                .json();
    }

    private int tokens(Phone phone) {
        return Rig.await(phone.service().view(phone.device())).path("tokens").size();
    }

    private Sender senderOf(Phone phone) {
        return senders.stream()
                .filter(sender -> sender.service() == phone.service())
                .findFirst()
                .orElseThrow();
    }
}
