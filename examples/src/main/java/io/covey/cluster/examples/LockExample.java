package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import java.io.PrintStream;
import java.time.Duration;

/** Two nodes want one lock, and the resource behind it refuses who held it before. */
public final class LockExample {

    /** A lease can be lost while its holder is paused, so the resource looks at the fence too. */
    static final class Report {
        private long newest;

        synchronized boolean write(long fence) {
            if (fence < newest) {
                return false;
            }
            newest = fence;
            return true;
        }
    }

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        Report report = new Report();
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build())) {
            Lock here = one.lock("report");
            Lock there = two.lock("report");

            Lock.Held ada = here.tryLock(Duration.ZERO).orElseThrow();
            out.println("ada writes: " + report.write(ada.fence()));
            out.println("bob gets it: " + there.tryLock(Duration.ofMillis(100)).isPresent());
            ada.close();

            try (Lock.Held bob = there.tryLock(Duration.ofSeconds(2)).orElseThrow()) {
                out.println("bob writes: " + report.write(bob.fence()) + ", still his: " + bob.stillMine());
                out.println("ada, too late, writes: " + report.write(ada.fence()));
            }
        }
    }
}
