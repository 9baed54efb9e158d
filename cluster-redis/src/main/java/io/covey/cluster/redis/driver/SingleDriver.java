package io.covey.cluster.redis.driver;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** One server, given or named by sentinels. */
final class SingleDriver implements RedisDriver {
    private final Io io;
    private final Line.Target target;
    private final Line line;
    private final Set<RedisLink> links = ConcurrentHashMap.newKeySet();
    private final boolean elected;

    SingleDriver(Io io, RedisUri uri, RedisDriverFactory.Listener state) {
        this.io = io;
        elected = uri.topology() == RedisUri.Topology.SENTINEL;
        target = elected ? new SentinelTarget(io, uri) : () -> uri;
        line = new Line(io, target, new StateEvents(state)).connect();
    }

    @Override
    public CompletionStage<Object> send(RedisCommand command) {
        return Replies.single(line.send(List.of(command)).whenComplete((replies, failure) -> askAgain(replies)));
    }

    @Override
    public CompletionStage<List<Object>> sendAll(List<RedisCommand> commands) {
        return line.send(commands).whenComplete((replies, failure) -> askAgain(replies));
    }

    @Override
    public RedisLink open(LinkSpec spec) {
        RedisLink link = new ReconnectingLink(io, target, spec, links::remove);
        links.add(link);
        return link;
    }

    @Override
    public void close() {
        links.forEach(RedisLink::close);
        line.close();
        io.close();
    }

    private void askAgain(List<Object> replies) {
        if (elected && replies != null) {
            for (Object reply : replies) {
                if (reply instanceof RedisError error && error.code().equals("READONLY")) {
                    line.reconnect("it is no longer the master");
                    return;
                }
            }
        }
    }
}
