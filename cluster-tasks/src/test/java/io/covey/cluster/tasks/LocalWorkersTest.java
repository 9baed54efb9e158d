package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class LocalWorkersTest extends WorkersContract {
    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);

    @Override
    protected Cluster join() {
        return fleet.join();
    }

    @Override
    protected Cluster joinOverLine() {
        return fleet.join(faults);
    }

    @Override
    protected void cut(boolean now) {
        faults.cut(now);
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
