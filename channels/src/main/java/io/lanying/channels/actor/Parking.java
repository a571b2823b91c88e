package io.lanying.channels.actor;

import io.lanying.protocol.channel.ResultClass;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A channel that was set aside because its credential is wrong or looks wrong: nothing is sent until the vendor takes the
 * credential again. Every {@code interval} it is found out whether it does: first, where that can tell, by the adapter's
 * probe, then by single attempts with what comes next. Mutable, for one thread.
 */
final class Parking {

    /**
     * Why a channel is parked.
     *
     * @param code the vendor's word, or ours
     * @param probeTells whether the adapter's probe can tell that it is over
     */
    record Reason(String code, boolean probeTells) {}

    private enum Mode {
        RUNNING,
        PARKED,
        PROBING,
        TRIAL
    }

    /** What is to be done now. */
    enum Due {
        NOTHING,
        /** Ask the adapter's probe. */
        PROBE,
        /** Single attempts may be made. */
        TRIAL
    }

    private final Duration interval;
    private Mode mode = Mode.RUNNING;
    private Optional<Reason> reason = Optional.empty();
    private Instant checkAt = Instant.MAX;
    private boolean trying;

    Parking(Duration interval) {
        this.interval = interval;
    }

    /** Sets the channel aside, or keeps it so; says whether it was running or is now parked for another reason. */
    boolean park(Reason why, Instant now) {
        boolean isNew = !reason.equals(Optional.of(why));
        mode = Mode.PARKED;
        reason = Optional.of(why);
        checkAt = now.plus(interval);
        trying = false;
        return isNew;
    }

    /** Why nothing may be sent and nothing may wait; empty while running and while trying. */
    Optional<Reason> refusal() {
        return mode == Mode.PARKED || mode == Mode.PROBING ? reason : Optional.empty();
    }

    /** Whether it has been parked and the vendor has not yet taken the credential again. */
    boolean isParked() {
        return mode != Mode.RUNNING;
    }

    /** Whether an attempt may start. */
    boolean allows() {
        return mode == Mode.RUNNING || (mode == Mode.TRIAL && !trying);
    }

    /** An attempt starts; says whether it is a trial. */
    boolean started() {
        trying = mode == Mode.TRIAL;
        return trying;
    }

    /** A trial ended without telling anything: another one may follow. */
    void released(boolean wasTrial) {
        trying = trying && !wasTrial;
    }

    /** The vendor took the credential: back to work. */
    void resume() {
        mode = Mode.RUNNING;
        reason = Optional.empty();
        checkAt = Instant.MAX;
        trying = false;
    }

    /** What the time asks for. */
    Due due(Instant now) {
        if (now.isBefore(checkAt)) {
            return Due.NOTHING;
        }
        if (mode == Mode.PARKED && reason.map(Reason::probeTells).orElse(false)) {
            mode = Mode.PROBING;
            checkAt = now.plus(interval); // also the probe's deadline
            return Due.PROBE;
        }
        // The probe was never answered, or could not tell: single attempts can.
        mode = Mode.TRIAL;
        checkAt = Instant.MAX;
        return Due.TRIAL;
    }

    /** The adapter's probe was answered; says whether the channel is back at work. */
    boolean probed(ResultClass answer, boolean cannotTell, Instant now) {
        if (mode != Mode.PROBING) {
            return false;
        }
        if (answer == ResultClass.ACCEPTED) {
            resume();
            return true;
        }
        if (cannotTell) {
            mode = Mode.TRIAL;
            checkAt = Instant.MAX;
        } else {
            mode = Mode.PARKED;
            checkAt = now.plus(interval);
        }
        return false;
    }

    /** When {@link #due} has something to say; {@link Instant#MAX} for never. */
    Instant checkAt() {
        return checkAt;
    }
}
