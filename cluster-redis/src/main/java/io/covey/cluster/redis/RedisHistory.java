package io.covey.cluster.redis;

import io.covey.cluster.History;
import io.covey.cluster.Position;
import io.covey.cluster.Start;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.Kept;
import io.covey.cluster.spi.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** Histories as streams, with a head beside each that has its epoch. */
final class RedisHistory {
    private static final Script PUBLISH = Script.of("history-publish");
    private static final Script READ = Script.of("history-read");
    private static final long REMEMBERED_MS = Duration.ofDays(1).toMillis();
    private static final int MOST_BYTES = 1 << 20;

    private final Redis redis;
    private final UnaryOperator<String> channels;
    private final UnaryOperator<String> streams;
    private final boolean sharded;
    private final HistoryLane lane = new HistoryLane(this::send);

    /**
     * @param channels the channel of a name, as Redis knows it
     * @param streams the key of the history of a name
     */
    RedisHistory(Redis redis, UnaryOperator<String> channels, UnaryOperator<String> streams, boolean sharded) {
        this.redis = redis;
        this.channels = channels;
        this.streams = streams;
        this.sharded = sharded;
    }

    /**
     * Keeps and publishes a message of a channel, behind those before it.
     *
     * @return how many heard it at the server that has the history
     */
    CompletionStage<Long> publish(String channel, byte[] message, History history) {
        return lane.publish(ChannelPattern.exact(channel), message, history);
    }

    private CompletionStage<List<Object>> send(String channel, HistoryLane.Batch batch) {
        List<Object> args = new ArrayList<>();
        args.add(channels.apply(channel));
        args.add(sharded ? "s" : "");
        args.add(epoch());
        args.add(batch.history().most());
        args.add(batch.history().within().toMillis());
        args.add(REMEMBERED_MS);
        args.addAll(batch.messages());
        return redis.run(PUBLISH.call(keys(channel), args.toArray())).thenApply(Replies::list);
    }

    CompletionStage<HistoryPage> read(String channel, Start start, int limit) {
        Position after = start instanceof Start.After from ? from.position() : new Position("none", 0);
        String mode = start instanceof Start.After ? "after" : start instanceof Start.Last ? "last" : "now";
        long number = start instanceof Start.Last last ? last.most() : after.offset();
        return redis.run(READ.call(
                        keys(ChannelPattern.exact(channel)),
                        epoch(),
                        REMEMBERED_MS,
                        mode,
                        number,
                        after.epoch(),
                        limit,
                        MOST_BYTES))
                .thenApply(reply -> page(Replies.list(reply)));
    }

    private static HistoryPage page(List<Object> reply) {
        Position newest = new Position(Replies.text(reply.get(0)), Replies.number(reply.get(1)));
        List<Kept> messages = new ArrayList<>();
        for (int i = 3; i < reply.size(); i += 3) {
            Place place = new Place(newest.epoch(), Replies.number(reply.get(i + 1)), Replies.number(reply.get(i)));
            messages.add(new Kept(place, Replies.bytes(reply.get(i + 2))));
        }
        return new HistoryPage(newest, Replies.number(reply.get(2)) == 1, messages);
    }

    private List<String> keys(String channel) {
        String stream = streams.apply(channel);
        return List.of(stream, stream + "/head");
    }

    /** Offered with every call, since a history that was lost must get another one. */
    private static String epoch() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }
}
