package io.covey.cluster.bench;

import io.covey.cluster.bench.peers.CoveyMessaging;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** A text there and back by a call from node to node, and one published and heard, signed and typed. */
public class MessagingBenchmark extends Trials {

    /** For JMH. */
    public MessagingBenchmark() {}

    /** Two nodes. */
    @State(Scope.Benchmark)
    public static class Linked {
        /** What carries it. */
        @Param({"local", "jedis", "lettuce"})
        public String transport = "";

        private Backend backend;
        private Echo echo;

        /** Joins. */
        @Setup
        public void start() throws Exception {
            backend = Backend.start(transport);
            CoveyMessaging here = new CoveyMessaging();
            CoveyMessaging there = new CoveyMessaging();
            here.open(() -> backend.join("here"));
            there.open(() -> backend.join("there"));
            echo = new Echo(here, there, "bench");
        }

        /** Leaves. */
        @TearDown
        public void stop() {
            backend.close();
        }
    }

    @Benchmark
    @Threads(1)
    public String call(Linked in) {
        return in.echo.call();
    }

    @Benchmark
    @Threads(Load.CROWD)
    public String callBy64(Linked in) {
        return call(in);
    }

    @Benchmark
    @Threads(1)
    public void deliver(Linked in) throws InterruptedException {
        in.echo.deliver();
    }
}
