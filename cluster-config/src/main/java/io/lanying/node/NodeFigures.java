package io.lanying.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.sharding.ClusterSharding;
import akka.cluster.sharding.ShardRegion;
import akka.cluster.sharding.ShardRegion.ShardRegionStats;
import akka.pattern.Patterns;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Counts what this node has: its own regions are asked for numbers, not for lists of entities. */
final class NodeFigures implements Supplier<CompletionStage<NodeAgent.Figures>> {

    /** A region that is about to stop, or is busy moving shards, does not answer: its shards are then not counted. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ActorSystem<?> system;
    private final Instant startedAt;

    NodeFigures(ActorSystem<?> system, Instant startedAt) {
        this.system = system;
        this.startedAt = startedAt;
    }

    @Override
    public CompletionStage<NodeAgent.Figures> get() {
        CompletionStage<NodeAgent.Figures> sum =
                CompletableFuture.completedStage(new NodeAgent.Figures(startedAt, sockets(), 0, 0));
        for (String type : ClusterSharding.get(Adapter.toClassic(system)).getShardTypeNames()) {
            sum = sum.thenCombine(region(type), (before, stats) -> stats.map(more -> with(before, more))
                    .orElse(before));
        }
        return sum;
    }

    private CompletionStage<Optional<ShardRegionStats>> region(String type) {
        var region = ClusterSharding.get(Adapter.toClassic(system)).shardRegion(type);
        return Patterns.ask(region, ShardRegion.getRegionStatsInstance(), PATIENCE)
                .handle((stats, failure) -> Optional.ofNullable((ShardRegionStats) stats));
    }

    private static NodeAgent.Figures with(NodeAgent.Figures before, ShardRegionStats region) {
        long entities = region.getStats().values().stream()
                .mapToLong(count -> ((Number) count).longValue())
                .sum();
        return new NodeAgent.Figures(
                before.startedAt(),
                before.sockets(),
                before.shards() + region.getStats().size(),
                before.entities() + entities);
    }

    private long sockets() {
        Gauge open = NodeMetrics.of(system).registry().find("push.sockets.open").gauge();
        return open == null ? 0 : (long) open.value();
    }
}
