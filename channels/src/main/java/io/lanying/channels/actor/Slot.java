package io.lanying.channels.actor;

import akka.actor.typed.ActorRef;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.protocol.channel.ChannelCommand.Cancel;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One tenant's channel as the manager sees it: which credential it runs with, which actor takes its requests, and which
 * earlier ones are still finishing. Mutable, confined to the manager's actor.
 */
final class Slot {

    /** Whose channel. */
    record Key(String tenant, ChannelId channel) {}

    /** What a slot needs of the manager. */
    interface Host {

        /** Starts a channel actor; its end comes back as {@link Slot#ended}. */
        ActorRef<ChannelActor.Message> spawn(Key key, long child, VendorAdapter adapter);

        /** Stops a channel actor. */
        void stop(ActorRef<ChannelActor.Message> child);

        /** Asks for the credential; the answer comes back as {@link Slot#resolved}. */
        void ask(Key key, long ask, Optional<Long> known);

        void close(VendorAdapter adapter);

        /** A number that no other child or ask of this node had. */
        long newId();

        /** A time after which a caller that was refused may ask again; not the same for all. */
        Duration retryAfter(Duration least);
    }

    private record Live(long id, long version, VendorAdapter adapter, ActorRef<ChannelActor.Message> actor) {

        void take(Work work) {
            work.claim().owner(id);
            actor.tell(new ChannelActor.Take(work));
        }
    }

    private static final Duration HEALTHY = Duration.ofMinutes(1);
    private static final long NOBODY = 0;

    private final Key key;
    private final Claims claims;
    private final ChannelsSettings settings;
    private final Duration unusableFor;
    private final Host host;
    private final Map<Long, Live> leaving = new HashMap<>();
    private final List<Work> waiting = new ArrayList<>();
    private Optional<Live> live = Optional.empty();
    private long asking = NOBODY;
    private Instant askedAt = Instant.MIN;
    private Instant usedAt = Instant.MIN;
    private Instant startedAt = Instant.MIN;
    private Optional<Function<Work, VendorOutcome>> refusal = Optional.empty();
    private Instant refusesUntil = Instant.MIN;
    private Optional<Long> unusable = Optional.empty();
    private Instant unusableUntil = Instant.MIN;
    private int crashes;

    Slot(Key key, Claims claims, ChannelsSettings settings, Duration unusableFor, Host host) {
        this.key = key;
        this.claims = claims;
        this.settings = settings;
        this.unusableFor = unusableFor;
        this.host = host;
    }

    /** Takes a request; says what became of it. */
    Claims.Admission send(Send send, Instant now) {
        usedAt = now;
        Claims.Admission admission = claims.admit(send);
        if (admission == Claims.Admission.ADMITTED) {
            claims.of(send.ref(), send.replyTo()).ifPresent(claim -> place(Work.of(claim), now));
            refresh(now);
        }
        return admission;
    }

    void cancel(Cancel cancel) {
        claims.of(cancel.ref(), cancel.replyTo()).ifPresent(claim -> {
            claim.cancel();
            live.ifPresent(child -> child.actor().tell(new ChannelActor.Cancel(claim)));
            leaving.values().forEach(child -> child.actor().tell(new ChannelActor.Cancel(claim)));
            if (waiting.removeIf(work -> work.claim() == claim)) {
                claim.end(VendorOutcome.unsent(End.CANCELLED, Codes.CANCELLED, claim.attempts()));
            }
        });
    }

    /** Asks whether the credential is still the same, if that was not asked for a while. */
    void refresh(Instant now) {
        if (live.isPresent() && asking == NOBODY && !now.isBefore(askedAt.plus(settings.credentialRefresh()))) {
            ask(now);
        }
    }

    void resolved(long ask, Resolution resolution, Instant now) {
        if (ask == asking) {
            asking = NOBODY;
            resolution.tell(this, now);
            List<Work> held = List.copyOf(waiting);
            waiting.clear();
            held.forEach(work -> place(work, now));
        } else if (resolution instanceof Resolution.Ready late) {
            host.close(late.adapter());
        }
    }

    void absent(Instant now) {
        unusable = Optional.empty();
        withdraw(Codes.NO_CREDENTIAL);
        refuse(work -> noChannel(work, Codes.NO_CREDENTIAL), now.plus(settings.credentialRefresh()));
    }

    void unchanged(Instant now) {
        if (live.isEmpty() && unusable.isPresent()) {
            refuse(work -> noChannel(work, Codes.CREDENTIAL_UNUSABLE), now.plus(settings.credentialRefresh()));
        }
    }

    void ready(long version, VendorAdapter adapter, Instant now) {
        live.ifPresent(old -> leave(old, new ChannelActor.Retire()));
        long id = host.newId();
        live = Optional.of(new Live(id, version, adapter, host.spawn(key, id, adapter)));
        startedAt = now;
        unusable = Optional.empty();
        refusal = Optional.empty();
    }

    void unusable(long version, Instant now) {
        unusable = Optional.of(version);
        unusableUntil = now.plus(unusableFor);
        withdraw(Codes.CREDENTIAL_UNUSABLE);
        unchanged(now);
    }

    void unavailable(Instant now) {
        if (live.isEmpty()) {
            refuse(
                    work -> work.busy(Codes.CREDENTIALS_UNAVAILABLE, host.retryAfter(settings.credentialRetry())),
                    now.plus(settings.credentialRetry()));
        }
    }

    /** An actor that is leaving gives this back. */
    void handBack(Work work, Instant now) {
        if (work.claim().isOpen()) {
            work.claim().owner(NOBODY);
            place(work, now);
        }
    }

    /** An actor that is leaving has nothing under way any more. */
    void done(long child) {
        Optional.ofNullable(leaving.remove(child)).ifPresent(this::end);
    }

    /** An actor ended that was not told to: nothing that it held may be forgotten. */
    boolean ended(long child, Instant now) {
        Optional<Live> failed =
                Optional.ofNullable(leaving.remove(child)).or(() -> live.filter(one -> one.id() == child));
        failed.ifPresent(one -> {
            host.close(one.adapter());
            if (live.equals(failed)) {
                live = Optional.empty();
                crashes = now.isBefore(startedAt.plus(HEALTHY)) ? crashes + 1 : 1;
                Duration pause = settings.restart().bound(crashes);
                refuse(work -> work.busy(Codes.RESTARTING, host.retryAfter(pause)), now.plus(pause));
            }
            endClaimsOf(child);
        });
        return failed.isPresent();
    }

    boolean isIdle(Instant now, Duration unusedFor) {
        return claims.isEmpty() && asking == NOBODY && leaving.isEmpty() && !now.isBefore(usedAt.plus(unusedFor));
    }

    Instant usedAt() {
        return usedAt;
    }

    /** Stops its actors and closes their adapters. */
    void stop() {
        live.ifPresent(this::end);
        leaving.values().forEach(this::end);
        live = Optional.empty();
        leaving.clear();
    }

    /** Ends all that it holds, because nobody will. */
    void endClaims() {
        claims.open().forEach(this::endUnserved);
    }

    private void place(Work work, Instant now) {
        if (live.isPresent()) {
            live.get().take(work);
        } else if (asking != NOBODY) {
            waiting.add(work);
        } else if (refusal.isPresent() && now.isBefore(refusesUntil)) {
            work.claim().end(refusal.get().apply(work));
        } else {
            waiting.add(work);
            ask(now);
        }
    }

    private void ask(Instant now) {
        asking = host.newId();
        askedAt = now;
        boolean knownBad = unusable.isPresent() && now.isBefore(unusableUntil);
        host.ask(key, asking, knownBad ? unusable : live.map(Live::version));
    }

    private void refuse(Function<Work, VendorOutcome> outcome, Instant until) {
        refusal = Optional.of(outcome);
        refusesUntil = until;
    }

    private void withdraw(String code) {
        live.ifPresent(old -> leave(old, new ChannelActor.Withdraw(code)));
        live = Optional.empty();
    }

    private void leave(Live old, ChannelActor.Message how) {
        leaving.put(old.id(), old);
        old.actor().tell(how);
    }

    private void end(Live child) {
        host.stop(child.actor());
        host.close(child.adapter());
    }

    private void endClaimsOf(long child) {
        claims.open().stream().filter(claim -> claim.isOwnedBy(child)).forEach(this::endUnserved);
    }

    /** What was under way may have been taken: another attempt by who asked would not know, so its outcome is unknown. */
    private void endUnserved(Claim claim) {
        claim.end(
                claim.isUnderWay()
                        ? VendorOutcome.unsent(End.UNKNOWN, Codes.RESTARTING, claim.attempts())
                        : Work.of(claim)
                                .busy(
                                        Codes.RESTARTING,
                                        host.retryAfter(settings.restart().min())));
    }

    private static VendorOutcome noChannel(Work work, String code) {
        return work.ended(End.NO_CHANNEL, Optional.empty(), code);
    }
}
