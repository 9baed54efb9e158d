package io.covey.cluster.redis.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import io.covey.cluster.spi.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks the sentinels, one after the other, who is the master now. */
final class SentinelTarget implements Line.Target {
    private final Io io;
    private final RedisUri uri;
    private final String master;

    /** Who is asked first: the next one after what came to nothing, since one that is cut off goes on naming a former master. */
    private final AtomicInteger first = new AtomicInteger();

    SentinelTarget(Io io, RedisUri uri) {
        this.io = io;
        this.uri = uri;
        this.master = uri.master().orElseThrow();
    }

    @Override
    public RedisUri find() {
        List<String> reasons = new ArrayList<>();
        List<Endpoint> sentinels = uri.endpoints();
        int from = first.get();
        for (int i = 0; i < sentinels.size(); i++) {
            try {
                return uri.at(ask(sentinels.get(Math.floorMod(from + i, sentinels.size()))));
            } catch (RuntimeException e) {
                reasons.add(Reason.of(e));
            }
        }
        throw new TransportException("no sentinel named a master called " + master + ": " + String.join("; ", reasons));
    }

    @Override
    public void failed() {
        first.incrementAndGet();
    }

    /** A master that was just deposed, or is about to be promoted, is named for a moment longer. */
    @Override
    public void check(Session session) {
        Object role = await(session, RedisCommand.of("ROLE"));
        if (!(role instanceof List<?> list && list.get(0) instanceof byte[] name && "master".equals(text(name)))) {
            throw new TransportException(session.name() + " is named by the sentinels but is not a master");
        }
    }

    private Endpoint ask(Endpoint sentinel) {
        try (Session session = Session.connect(io, uri.sentinel(sentinel), (kind, elements) -> {}, ended -> {})) {
            Object address = await(session, RedisCommand.of("SENTINEL", "GET-MASTER-ADDR-BY-NAME", master));
            if (address instanceof List<?> list && list.size() == 2) {
                return new Endpoint(text(list.get(0)), Integer.parseInt(text(list.get(1))));
            }
            throw new TransportException("sentinel " + sentinel + " does not know it");
        }
    }

    private Object await(Session session, RedisCommand command) {
        return Await.on(
                Replies.single(session.send(List.of(command))),
                io.connectTimeout(),
                command.name() + " on " + session.name());
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, UTF_8);
    }
}
