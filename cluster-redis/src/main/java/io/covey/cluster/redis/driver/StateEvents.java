package io.covey.cluster.redis.driver;

/** Tells the driver's listener about one line; that the line came up for the first time is no news. */
final class StateEvents implements Line.Events {
    private final RedisDriverFactory.Listener state;
    private boolean down;

    StateEvents(RedisDriverFactory.Listener state) {
        this.state = state;
    }

    @Override
    public void onUp(Session session) {
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
