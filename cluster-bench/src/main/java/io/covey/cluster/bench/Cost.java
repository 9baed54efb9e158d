package io.covey.cluster.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What one operation costs: commands, socket reads and CPU time of Redis, CPU time of this JVM. Beside the throughput
 * these figures hardly move with the load of the machine. The first iteration of a trial has none, since it starts
 * before its Redis does.
 */
public final class Cost implements InternalProfiler {
    private Optional<Usage> before = Optional.empty();

    /** For JMH. */
    public Cost() {}

    @Override
    public String getDescription() {
        return "Commands, socket reads and CPU time of Redis, CPU time of the JVM, per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = Backend.spent();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double operations = result.getMetadata().getAllOps();
        Optional<Usage> after = Backend.spent().or(Backend::spentByLast);
        if (before.isEmpty() || after.isEmpty() || operations == 0) {
            return List.of();
        }
        Usage spent = after.get().minus(before.get());
        List<Result<?>> costs = new ArrayList<>();
        costs.add(each("jvm.cpu", spent.clientMicros() / operations, "us/op"));
        if (spent.commands() > 0) {
            costs.add(each("redis.commands", spent.commands() / operations, "commands/op"));
            costs.add(each("redis.cpu", spent.serverMicros() / operations, "us/op"));
            costs.add(each("redis.reads", spent.reads() / operations, "reads/op"));
        }
        return costs;
    }

    private static Result<?> each(String name, double value, String unit) {
        return new ScalarResult(name, value, unit, AggregationPolicy.AVG);
    }
}
