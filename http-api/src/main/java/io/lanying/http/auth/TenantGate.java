package io.lanying.http.auth;

import io.lanying.http.error.Problem;
import io.lanying.http.limit.QuotaBuckets;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;

/**
 * What this node does for a tenant at all: nothing for one whose home is another region, and no more than its quotas. Goes by
 * what the tenant's credential was just verified with, asks nobody, and so follows a change within the lease. Thread-safe.
 *
 * <p>What a quota refuses is counted in {@code push.http.quota.refused} by {@code quota}.
 */
public final class TenantGate {

    /** How long somebody who may hold no more sockets is told to wait: others have to end first. */
    private static final Duration SOCKET_WAIT = Duration.ofSeconds(10);

    private final String region;
    private final TenantCache tenants;
    private final QuotaBuckets notifications;
    private final Counter refusedNotifications;
    private final Counter refusedSockets;

    /**
     * @param region this node's
     * @param notifications what is left of each tenant's {@code notificationsPerSecond}
     */
    public TenantGate(String region, TenantCache tenants, QuotaBuckets notifications, MeterRegistry metrics) {
        this.region = region;
        this.tenants = tenants;
        this.notifications = notifications;
        this.refusedNotifications = metrics.counter("push.http.quota.refused", "quota", "notificationsPerSecond");
        this.refusedSockets = metrics.counter("push.http.quota.refused", "quota", "sockets");
    }

    /** This node's region: the home of tenants that are made here without naming one. */
    public String region() {
        return region;
    }

    /** Why this node does nothing for this caller; empty for the operator, who works everywhere. */
    public Optional<Problem> refusal(Principal principal) {
        return principal.terms().flatMap(terms -> elsewhere(terms.region()));
    }

    /** Why this node does nothing for a device of this tenant, whose token was just verified. */
    public Optional<Problem> refusalOfDevice(String tenant) {
        return tenants.known(tenant).flatMap(view -> elsewhere(view.region()));
    }

    /** Takes one of the caller's notifications; a problem if there is none left for now. */
    public Optional<Problem> takeNotification(Principal principal) {
        var perSecond = principal.terms().flatMap(terms -> terms.quotas()).flatMap(Quotas::notificationsPerSecond);
        if (perSecond.isEmpty()) {
            return Optional.empty();
        }
        var wait = notifications.take(principal.tenant().orElse(""), perSecond.get());
        if (wait.isZero()) {
            return Optional.empty();
        }
        refusedNotifications.increment();
        return Optional.of(Problem.of(
                        ErrorCode.QUOTA_EXCEEDED,
                        "the tenant may send " + perSecond.get() + " notifications a second through each node")
                .after(wait));
    }

    /**
     * Why a device's connection is not taken, after its token was verified.
     *
     * @param open how many the tenant has on this node
     */
    public Optional<Problem> refusalOfSocket(String tenant, int open) {
        return tenants.known(tenant).flatMap(view -> elsewhere(view.region()).or(() -> full(view, open)));
    }

    private Optional<Problem> full(TenantView view, int open) {
        var most = view.quotas().flatMap(Quotas::sockets).filter(sockets -> open >= sockets);
        if (most.isEmpty()) {
            return Optional.empty();
        }
        refusedSockets.increment();
        return Optional.of(Problem.of(
                        ErrorCode.QUOTA_EXCEEDED,
                        "the tenant may have " + most.get() + " devices connected to each node")
                .after(SOCKET_WAIT));
    }

    private Optional<Problem> elsewhere(String home) {
        return home.equals(region) ? Optional.empty() : Optional.of(Problem.otherRegion(home));
    }
}
