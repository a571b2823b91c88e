package io.lanying.http.hook;

import io.lanying.http.limit.QuotaBuckets;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.tenant.Quotas;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How many messages each tenant, and each of its senders, may still bring through this node. Thread-safe. */
public final class MessageQuotas {

    private static final int MAX_SENDERS = 100_000;

    private final QuotaBuckets tenants;
    private final QuotaBuckets senders;
    private final Counter refusedOfTenant;
    private final Counter refusedOfSender;

    public MessageQuotas(int maxTenants, LongSupplier nanoTime, MeterRegistry metrics) {
        this.tenants = new QuotaBuckets(maxTenants, nanoTime);
        this.senders = new QuotaBuckets(MAX_SENDERS, nanoTime);
        this.refusedOfTenant = metrics.counter("push.http.quota.refused", "quota", "messagesPerSecond");
        this.refusedOfSender = metrics.counter("push.http.quota.refused", "quota", "senderMessagesPerSecond");
    }

    /** Takes one; a refusal if there is none left for now. A sender's is not taken from who may send no more anyhow. */
    Optional<Refused> take(Quotas quotas, String tenant, String senderId) {
        return take(senders, tenant + "/" + senderId, quotas.senderMessagesPerSecond(), refusedOfSender, "a sender")
                .or(() -> take(tenants, tenant, quotas.messagesPerSecond(), refusedOfTenant, "the tenant"));
    }

    private static Optional<Refused> take(
            QuotaBuckets buckets, String key, Optional<Integer> perSecond, Counter refused, String who) {
        if (perSecond.isEmpty() || buckets.take(key, perSecond.get()).isZero()) {
            return Optional.empty();
        }
        refused.increment();
        return Optional.of(new Refused(
                ErrorCode.QUOTA_EXCEEDED,
                who + " may send " + perSecond.get() + " messages a second through each node"));
    }
}
