package io.covey.cluster.redis.driver;

/** The master of a key's slot, at this time. */
final class SlotTarget implements Line.Target {
    private final ClusterNodes nodes;
    private final byte[] key;
    private volatile RedisUri last;

    SlotTarget(ClusterNodes nodes, byte[] key) {
        this.nodes = nodes;
        this.key = key;
        this.last = nodes.target(key);
    }

    @Override
    public RedisUri find() {
        RedisUri found = nodes.target(key);
        last = found;
        return found;
    }

    @Override
    public boolean hasMoved() {
        return !nodes.target(key).endpoints().equals(last.endpoints());
    }

    @Override
    public void refused(RedisError error) {
        if (error.code().equals("MOVED")) {
            nodes.moved(error, last.endpoints().get(0));
        }
    }
}
