package io.covey.cluster.core.messaging;

import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Position;
import io.covey.cluster.Start;
import io.covey.cluster.core.messaging.Waiting.Message;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.Kept;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a subscriber is in the history of its channel. A message that names another predecessor than the last one heard
 * shows a hole, which is filled from the history; what came meanwhile is heard once. Runs on the subscriber's sequence.
 */
final class CatchUp {
    static final int PAGE = 200;
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final long AGAIN_MILLIS = 250;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final NodeContext node;
    private final MessageBus bus;
    private final String channel;
    private final long ageMillis;
    private final Hearing hearing;
    private @Nullable Inbox inbox;

    /** The last that was heard; null when the history could not be read. */
    private volatile @Nullable Position at;

    /** Up to here the history was read: what comes again is known. */
    private long filled;

    private boolean explained;

    private final UnkeptGap unkept = new UnkeptGap();

    CatchUp(NodeContext node, MessageBus bus, String channel, History history, Hearing hearing) {
        this.node = node;
        this.bus = bus;
        this.channel = channel;
        this.ageMillis = history.within().toMillis();
        this.hearing = hearing;
    }

    /** Reads where the subscriber begins, who is live already, and lets it hear. Completes with whether nothing is missing. */
    CompletionStage<Boolean> begin(Inbox subscriber, Start start) {
        inbox = subscriber;
        return bus.read(channel, start, PAGE).thenApply(page -> {
            if (start instanceof Start.After after) {
                at = after.position();
            }
            subscriber.resume(() -> take(page));
            return page.complete();
        });
    }

    Optional<Position> position() {
        return Optional.ofNullable(at);
    }

    /** A message that came just now; with {@code again} after the history was read because of it. */
    void live(Message message, boolean again) {
        Place place = message.place();
        Position last = at;
        if (last == null || follows(place, last)) {
            hear(message, Optional.empty());
        } else if (place.epoch().equals(last.epoch()) && place.offset() <= Math.min(last.offset(), filled)) {
            LOG.trace("{} came by the history before", place);
        } else if (again) {
            // Of another history than that which was read: one of the two was lost, or it is a forgery.
            hear(
                    message,
                    explained
                            ? Optional.empty()
                            : Optional.of(gap("what was read of it does not lead up to " + place)));
        } else {
            subscriber().before(List.of(() -> live(message, true)));
            refill("messages did not arrive");
        }
    }

    private static boolean follows(Place place, Position last) {
        return place.previous() == last.offset() && place.epoch().equals(last.epoch());
    }

    private void hear(Message message, Optional<Gap> before) {
        if (hearing.live(message, before)) {
            at = message.place().position();
            explained = false;
        }
    }

    /** The link was lost: what the history has is read, what was published without one may be missing. */
    void cut(String reason) {
        if (at != null) {
            unkept.lost(Gap.unknown(channel, reason + "; what was published without a history is not read again"))
                    .ifPresent(hearing::explain);
        }
        refill(reason);
    }

    /** A message without a history that came just now. */
    void unkept(Message message) {
        if (hearing.live(message, unkept.untold())) {
            unkept.heard();
        }
    }

    /** Something may be missing behind what was heard last. */
    void refill(String reason) {
        Position last = at;
        if (last == null) {
            hearing.explain(Gap.unknown(channel, reason));
            return;
        }
        subscriber().pause();
        read(last, node.clock().nanos());
    }

    private void read(Position last, long since) {
        bus.read(channel, Start.after(last), PAGE).whenComplete((page, thrown) -> {
            if (thrown == null) {
                subscriber().resume(() -> take(page));
            } else if (node.clock().nanos() - since < PATIENCE_NANOS) {
                later(() -> read(last, since));
            } else {
                subscriber().resume(() -> giveUp(Await.unwrap(thrown)));
            }
        });
    }

    private void later(Runnable task) {
        try {
            node.threads().timer().schedule(task, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The subscriber to {} does not catch up: the node is closed", channel);
        }
    }

    private void giveUp(Throwable thrown) {
        LOG.atWarn()
                .addKeyValue("event", "history.unread")
                .log(
                        "The history of {} could not be read ({}); its subscriber goes on without it",
                        channel,
                        thrown.toString());
        at = null;
        hearing.explain(gap("it could not be read: " + thrown.getMessage()));
    }

    private void take(HistoryPage page) {
        List<Kept> messages = page.messages();
        Position last = at;
        if (last != null && !page.complete()) {
            explained = true;
            hearing.explain(gap("it does not reach back to " + last));
        }
        if (last == null || !page.complete()) {
            Position begin = messages.isEmpty()
                    ? page.newest()
                    : new Position(
                            page.newest().epoch(), messages.get(0).place().previous());
            at = begin;
            filled = last == null ? begin.offset() : 0;
        }
        List<Runnable> tasks = new ArrayList<>();
        messages.forEach(kept -> tasks.add(() -> kept(kept)));
        if (page.more()) {
            tasks.add(() -> refill("messages did not arrive"));
        }
        subscriber().before(tasks);
    }

    private void kept(Kept kept) {
        try {
            hearing.kept(channel, kept.message(), kept.place().position(), ageMillis);
        } finally {
            at = kept.place().position();
            filled = kept.place().offset();
            explained = false;
        }
    }

    private Gap gap(String why) {
        return Gap.unknown(channel, "messages are missing from the history: " + why);
    }

    private Inbox subscriber() {
        if (inbox == null) {
            throw new IllegalStateException("A subscriber begins before it hears");
        }
        return inbox;
    }
}
