package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

class LocalWorkersTest extends WorkersContract {
    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(1);

    @Override
    protected Cluster join(UnaryOperator<Transport> around) {
        return fleet.join(around);
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
