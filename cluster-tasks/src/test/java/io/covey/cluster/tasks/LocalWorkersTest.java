package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class LocalWorkersTest extends WorkersContract {
    private final Fleet fleet = new Fleet();

    @Override
    protected Cluster join() {
        return fleet.join();
    }

    @Override
    protected void elapse(Duration time) {
        fleet.elapse(time);
    }

    @AfterEach
    void close() {
        fleet.close();
    }
}
