package io.covey.cluster.core.local;

import io.covey.cluster.History;
import io.covey.cluster.Position;
import io.covey.cluster.Start;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.Kept;
import io.covey.cluster.spi.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The histories of the channels of a namespace, one step at a time. */
final class Histories {
    /** For how long a history that has nothing left still knows its epoch. */
    private static final long REMEMBERED_MILLIS = Duration.ofDays(1).toMillis();

    private final LocalClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, Channel> channels = new TreeMap<>();
    private long epochs;
    private String swept = "";

    Histories(LocalClock clock) {
        this.clock = clock;
    }

    /** Keeps a message and delivers it in the same step. */
    <T> T publish(String channel, byte[] message, History history, Function<Place, T> delivery) {
        lock.lock();
        try {
            sweep();
            Channel kept = live(channel);
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
            Place place = new Place(kept.epoch, kept.newest, Math.max(kept.newest + 1, micros));
            kept.add(new Kept(place, message.clone()), history, clock.monotonicMillis());
            return delivery.apply(place);
        } finally {
            lock.unlock();
        }
    }

    HistoryPage read(String channel, Start start, int limit) {
        lock.lock();
        try {
            Channel kept = live(channel);
            kept.trim(clock.monotonicMillis());
            return kept.read(start, limit);
        } finally {
            lock.unlock();
        }
    }

    private Channel live(String channel) {
        long now = clock.monotonicMillis();
        Channel known = channels.get(channel);
        if (known == null || known.end <= now) {
            known = new Channel("local" + ++epochs, now + REMEMBERED_MILLIS);
            channels.put(channel, known);
        }
        return known;
    }

    /** Each message looks at the next two histories. */
    private void sweep() {
        long now = clock.monotonicMillis();
        for (int i = 0; i < 2; i++) {
            Map.Entry<String, Channel> next = channels.higherEntry(swept);
            if (next == null) {
                swept = "";
                return;
            }
            swept = next.getKey();
            next.getValue().trim(now);
            if (next.getValue().end <= now) {
                channels.remove(swept);
            }
        }
    }

    private record Entry(Kept kept, long at) {}

    private static final class Channel {
        private final String epoch;
        private final TreeMap<Long, Entry> entries = new TreeMap<>();
        private long newest;
        private long within;
        private long end;

        Channel(String epoch, long end) {
            this.epoch = epoch;
            this.end = end;
        }

        private void add(Kept kept, History history, long now) {
            within = history.within().toMillis();
            newest = kept.place().offset();
            end = now + within + REMEMBERED_MILLIS;
            entries.put(newest, new Entry(kept, now));
            while (entries.size() > history.most()) {
                entries.pollFirstEntry();
            }
            trim(now);
        }

        private void trim(long now) {
            while (!entries.isEmpty() && entries.firstEntry().getValue().at <= now - within) {
                entries.pollFirstEntry();
            }
        }

        private HistoryPage read(Start start, int limit) {
            List<Kept> found = new ArrayList<>();
            boolean complete = true;
            if (start instanceof Start.After after) {
                long from = after.position().epoch().equals(epoch)
                        ? after.position().offset()
                        : -1;
                take(from, limit, found);
                complete = from >= 0
                        && (found.isEmpty()
                                ? newest == from
                                : found.get(0).place().previous() == from);
            } else if (start instanceof Start.Last last) {
                long from = entries.keySet().stream()
                        .skip(Math.max(0, entries.size() - last.most()))
                        .findFirst()
                        .orElse(0L);
                take(from - 1, limit, found);
            }
            return new HistoryPage(new Position(epoch, newest), complete, found);
        }

        private void take(long after, int limit, List<Kept> found) {
            entries.tailMap(after, false).values().stream()
                    .limit(limit)
                    .map(Entry::kept)
                    .forEach(found::add);
        }
    }
}
