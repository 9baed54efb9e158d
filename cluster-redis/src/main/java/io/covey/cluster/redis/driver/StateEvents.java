package io.covey.cluster.redis.driver;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the driver's listener about one line; that the line came up for the first time is no news. */
final class StateEvents implements Line.Events {
    private static final Logger LOG = LoggerFactory.getLogger(RedisDriver.class);

    private final RedisDriverFactory.Listener state;
    private boolean down;
    private @Nullable String server;

    StateEvents(RedisDriverFactory.Listener state) {
        this.state = state;
    }

    @Override
    public void onUp(Session session) {
        String before = server;
        server = session.name();
        if (before != null && !before.equals(server)) {
            LOG.atWarn()
                    .addKeyValue("event", "backend.moved")
                    .log(
                            "The master has moved from {} to {}; what had no answer is repeated, what the former did not replicate is lost",
                            before,
                            server);
        }
        if (down) {
            down = false;
            state.onUp();
        }
    }

    @Override
    public void onDown(Session session, String reason) {
        down = true;
        state.onDown(reason);
    }
}
