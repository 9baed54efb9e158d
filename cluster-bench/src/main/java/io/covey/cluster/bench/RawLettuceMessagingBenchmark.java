package io.covey.cluster.bench;

import io.covey.cluster.bench.peers.LettuceMessaging;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** A text there and back, and one published and heard, by PUBLISH and SUBSCRIBE of Lettuce alone. */
public class RawLettuceMessagingBenchmark extends Trials {

    /** For JMH. */
    public RawLettuceMessagingBenchmark() {}

    /** Two clients. */
    @State(Scope.Benchmark)
    public static class Linked {
        private final LettuceMessaging there = new LettuceMessaging();
        private final LettuceMessaging here = new LettuceMessaging();
        private Backend backend;
        private Echo echo;

        /** Connects. */
        @Setup
        public void start() throws Exception {
            backend = Backend.start("lettuce");
            there.open(backend.uri());
            here.open(backend.uri());
            echo = new Echo(here, there, backend.namespace());
        }

        /** Disconnects. */
        @TearDown
        public void stop() {
            here.close();
            there.close();
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
