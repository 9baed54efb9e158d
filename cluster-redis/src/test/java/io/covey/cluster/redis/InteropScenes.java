package io.covey.cluster.redis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Tests beside real fleets of other makes, which need node and npm; without them they are skipped. */
@Tag("long")
abstract class InteropScenes {
    InteropScene scene;

    /** Of the driver under test, such as redis+jedis. */
    protected abstract String scheme();

    @BeforeEach
    final void setTheScene() {
        scene = new InteropScene(scheme());
    }

    @AfterEach
    final void clearTheScene() {
        if (scene != null) {
            scene.close();
        }
    }
}
