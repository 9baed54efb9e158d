package io.covey.cluster.core;

import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.core.local.LocalClock;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.LinkState;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.LineHarness;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The backend in this process, which has no line that could break, behind wires that do. */
final class WireHarness implements LineHarness {
    private static final TransportConfig CONFIG = TransportConfig.of("local:");

    /** Messages arrive before whoever publishes goes on: those of a cut wire are lost before it is mended. */
    private final LocalBackend backend = LocalBackend.create(LocalClock.system(), Runnable::run);

    private final List<Wire> wires = new CopyOnWriteArrayList<>();

    @Override
    public Transport open() {
        Wire wire = new Wire(backend.open(CONFIG), false);
        wires.add(wire);
        return wire;
    }

    @Override
    public Transport openBeside() {
        return new Wire(backend.open(CONFIG), false);
    }

    @Override
    public Transport openElsewhere() {
        return backend.open(CONFIG.withNamespace("elsewhere").withTaskNamespace("elsewhere"));
    }

    @Override
    public void pass(Duration time, String... queues) {
        backend.passLeaseTime(time);
    }

    @Override
    public void cut() {
        wires.forEach(wire -> {
            wire.become(Wire.State.CUT);
            wire.loseMessages(true);
            wire.say(new LinkState(false, "the wire is cut"));
        });
    }

    @Override
    public void mend() {
        wires.forEach(wire -> {
            wire.become(Wire.State.WHOLE);
            wire.loseMessages(false);
            wire.say(new LinkState(true, ""));
            wire.tellGap();
        });
    }

    @Override
    public boolean refuse(String channel) {
        wires.forEach(wire -> wire.tellEnd(channel, "the right to it was taken away"));
        return true;
    }

    @Override
    public void close() {
        // The nodes close their wires.
    }
}
