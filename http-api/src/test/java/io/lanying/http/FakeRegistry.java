package io.lanying.http;

import io.lanying.persistence.registry.RegistryQueries;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.MemberRow;
import io.lanying.protocol.registry.TenantRow;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The registry over what a {@link TestApi} was told. */
final class FakeRegistry implements RegistryQueries {

    private final TestApi api;

    FakeRegistry(TestApi api) {
        this.api = api;
    }

    @Override
    public CompletionStage<Optional<DeviceRow>> device(String tenant, String deviceId) {
        api.asked.add("registry " + tenant + ":" + deviceId);
        return api.stored(Optional.ofNullable(api.rows.get(new EntityId(tenant, deviceId))));
    }

    @Override
    public CompletionStage<Page<DeviceRow>> devices(
            String tenant, DeviceFilter filter, Optional<String> after, int limit) {
        api.asked.add("registry " + tenant + ":*");
        var found = api.rows.values().stream()
                .filter(row -> row.tenant().equals(tenant) && !row.deleted())
                .filter(row -> filter.userId().isEmpty() || filter.userId().equals(row.userId()))
                .filter(row -> after.isEmpty() || row.deviceId().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(DeviceRow::deviceId))
                .toList();
        return api.stored(page(found, limit, DeviceRow::deviceId));
    }

    @Override
    public CompletionStage<Page<TenantRow>> tenants(Optional<String> after, int limit) {
        var found = api.tenants.keySet().stream()
                .sorted()
                .filter(id -> after.isEmpty() || id.compareTo(after.get()) > 0)
                .map(id -> new TenantRow(id, id, TestApi.NOW, 1, false))
                .toList();
        return api.stored(page(found, limit, TenantRow::tenantId));
    }

    @Override
    public CompletionStage<Page<MemberRow>> conversations(
            String tenant, String userId, Optional<Instant> since, Optional<String> after, int limit) {
        api.asked.add("registry " + tenant + ":" + userId);
        var found = api.members.stream()
                .filter(row -> row.tenant().equals(tenant) && row.userId().equals(userId))
                .filter(row ->
                        since.map(time -> !row.changedAt().isBefore(time)).orElse(!row.gone()))
                .filter(row -> after.isEmpty() || row.conversationId().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(MemberRow::conversationId))
                .toList();
        return api.stored(page(found, limit, MemberRow::conversationId));
    }

    private <T> Page<T> page(List<T> found, int limit, Function<T, String> id) {
        boolean more = found.size() > limit;
        var shown = more ? found.subList(0, limit) : found;
        return new Page<>(shown, more ? Optional.of(id.apply(shown.get(limit - 1))) : Optional.empty());
    }
}
