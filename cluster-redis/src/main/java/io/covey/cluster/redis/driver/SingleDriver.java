package io.covey.cluster.redis.driver;

import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Transport.Traffic;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One server, given or named by sentinels. */
final class SingleDriver implements RedisDriver {
    private static final String NO_MASTER = "it is no longer the master";

    /** For so long a server that was given refuses writes before it is looked whether its name leads to another one now. */
    private static final long REFUSES_NANOS = 1_000_000_000;

    /** Refusals further apart than this do not belong together. */
    private static final long APART_NANOS = 10_000_000_000L;

    private final Io io;
    private final Line.Target target;
    private final Line line;
    private final SideLine side;
    private final Set<ReconnectingLink> links = ConcurrentHashMap.newKeySet();
    private final boolean elected;
    private final AtomicLong refusesSince = new AtomicLong(System.nanoTime() - APART_NANOS);
    private final @Nullable ConfirmingLine confirming;

    SingleDriver(Io io, RedisUri uri, RedisDriverFactory.Listener state) {
        this.io = io;
        elected = uri.topology() == RedisUri.Topology.SENTINEL;
        target = elected ? new SentinelTarget(io, uri) : () -> uri;
        line = new Line(io, target, new StateEvents(state));
        connect(elected ? uri.endpoints().size() : 1);
        side = new SideLine(io, target);
        confirming = uri.replication()
                .map(replication -> new ConfirmingLine(io, target, replication).start())
                .orElse(null);
    }

    /** Once more for each sentinel, while there is time. */
    private void connect(int attempts) {
        long start = System.nanoTime();
        for (int left = attempts; ; left--) {
            try {
                line.connect();
                return;
            } catch (TransportException e) {
                if (left == 1
                        || System.nanoTime() - start >= io.connectTimeout().toNanos()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public CompletionStage<Object> send(RedisCommand command) {
        Line way = command.aside() ? side.or(line) : line;
        return Replies.single(
                way.send(List.of(command)).whenComplete((replies, failure) -> leaveFormerMaster(replies)));
    }

    @Override
    public CompletionStage<List<Object>> sendAll(List<RedisCommand> commands) {
        Line way = commands.stream().anyMatch(RedisCommand::aside) ? side.or(line) : line;
        return way.send(commands).whenComplete((replies, failure) -> leaveFormerMaster(replies));
    }

    @Override
    public CompletionStage<Confirmed> sendConfirmed(RedisCommand command) {
        ConfirmingLine own = confirming;
        if (own == null) {
            throw new IllegalStateException("The URI asks for no replicas, " + command + " cannot be confirmed");
        }
        return own.send(List.of(command)).thenApply(confirmed -> {
            if (isDeposed(confirmed.reply()) && mayHaveMoved()) {
                own.reconnect(NO_MASTER);
            }
            return Replies.checked(confirmed);
        });
    }

    @Override
    public void reconnect() {
        reconnect(Reason.ON_DEMAND);
        if (confirming != null) {
            confirming.reconnect(Reason.ON_DEMAND);
        }
    }

    private void reconnect(String why) {
        line.reconnect(why);
        side.reconnect(why);
    }

    @Override
    public Traffic traffic() {
        return io.meter().now();
    }

    @Override
    public RedisLink open(LinkSpec spec) {
        ReconnectingLink link = new ReconnectingLink(io, target, spec, links::remove);
        links.add(link);
        return link;
    }

    @Override
    public RedisLinks openToAll(LinkSpec spec, String probe) {
        return new OneLink(open(spec));
    }

    @Override
    public void close() {
        links.forEach(RedisLink::close);
        line.close();
        side.close();
        if (confirming != null) {
            confirming.close();
        }
        io.close();
    }

    private void leaveFormerMaster(@Nullable List<Object> replies) {
        if (replies == null) {
            return;
        }
        for (Object reply : replies) {
            if (isDeposed(reply)) {
                if (mayHaveMoved()) {
                    leave();
                }
                return;
            }
        }
    }

    private void leave() {
        reconnect(NO_MASTER);
        if (!elected) {
            links.forEach(RedisLink::reconnect);
        }
    }

    /** Sentinels know at once; a name, or a virtual address, leads to the new master some time later, if ever. */
    private boolean mayHaveMoved() {
        if (elected) {
            return true;
        }
        long now = System.nanoTime();
        long since = refusesSince.get();
        return now - since >= REFUSES_NANOS && refusesSince.compareAndSet(since, now) && now - since < APART_NANOS;
    }

    private static boolean isDeposed(@Nullable Object reply) {
        return reply instanceof RedisError error && error.code().equals("READONLY");
    }
}
