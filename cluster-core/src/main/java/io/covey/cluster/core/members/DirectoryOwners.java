package io.covey.cluster.core.members;

import com.google.common.collect.Lists;
import com.google.common.util.concurrent.Striped;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Codec;
import io.covey.cluster.Members;
import io.covey.cluster.Owners;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.runtime.Unsettled;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who holds what: one row for each thing, in a group for each kind, gone with its owner. */
public final class DirectoryOwners implements Owners {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryOwners.class);
    private static final Pattern KIND = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int LONGEST_KEY = 200;

    private final NodeContext node;
    private final Directory directory;
    private final LivingRows living;
    private final ManyRows rows;
    private final Codec<Metadata> codec = Codecs.of(Metadata.class);
    private final ConcurrentMap<Thing, Row> held = new ConcurrentHashMap<>();
    private final Unsettled<Thing, Row> unsettled;
    /** Rows name their owner only: the end of a hold must not remove the row of the next hold here. */
    private final Striped<Lock> order = Striped.lock(64);

    /**
     * Holds nothing yet.
     *
     * @param node the node
     * @param directory where the rows are
     * @param members who is alive
     */
    public DirectoryOwners(NodeContext node, Directory directory, Supplier<Members> members) {
        this.node = node;
        this.directory = directory;
        this.living = new LivingRows(node, directory, members);
        this.rows = new ManyRows(node, directory);
        this.unsettled = new Unsettled<>(node, (thing, more) -> settle(thing));
    }

    @Override
    public Hold hold(String kind, String key, Map<String, String> metadata) {
        Thing thing = Thing.of(kind, key);
        Row row = new Row(thing.group(), key, node.self().id(), codec.encode(new Metadata(metadata)));
        Lock lock = order.get(thing);
        Optional<Row> replaced;
        lock.lock();
        try {
            replaced = write(thing, row);
        } finally {
            lock.unlock();
        }
        Runnable end = () -> {
            lock.lock();
            try {
                giveUp(thing, row);
            } finally {
                lock.unlock();
            }
        };
        return new Given(replaced.map(Row::owner).filter(owner -> !owner.equals(row.owner())), end);
    }

    private record Given(Optional<String> takenFrom, Runnable end) implements Hold {
        @Override
        public void close() {
            end.run();
        }
    }

    private Optional<Row> write(Thing thing, Row row) {
        Row before = held.put(thing, row);
        try {
            return node.await(() -> directory.put(row), "hold " + thing);
        } catch (RuntimeException e) {
            if (before == null) {
                held.remove(thing, row);
            } else {
                held.replace(thing, row, before);
            }
            unsettled.addUnlessRefused(thing, e);
            throw e;
        }
    }

    @Override
    public Optional<Owned> look(String kind, String key) {
        Thing thing = Thing.of(kind, key);
        return living.find(thing.group(), key, "find the owner of " + thing).map(this::owned);
    }

    @Override
    public Stream<Owned> list(String kind) {
        return living.stream(Thing.group(kind), "list what is held of kind " + kind)
                .map(this::owned);
    }

    @Override
    public long count(String kind) {
        String group = Thing.group(kind);
        return node.await(() -> directory.counts(Set.of(group)), "count what is held of kind " + kind)
                .getOrDefault(group, 0L);
    }

    @Override
    public int held(String kind) {
        String group = Thing.group(kind);
        return (int) held.keySet().stream()
                .filter(thing -> thing.group().equals(group))
                .count();
    }

    private Owned owned(LivingRows.Owned found) {
        Row row = found.row();
        String kind = row.group().substring(Thing.PREFIX.length());
        Metadata metadata = Codecs.decode(codec, row.data(), () -> "The row of " + kind + " " + row.member());
        return new Owned(kind, row.member(), metadata.metadata(), found.owner());
    }

    /** Writes the rows again after the backend forgot this node, but takes nothing from those who came since. */
    public void registerAgain() {
        for (List<Row> batch : Lists.partition(List.copyOf(held.values()), ManyRows.AT_ONCE)) {
            List<Optional<Row>> there = rows.find(batch);
            List<Row> lost = IntStream.range(0, batch.size())
                    .filter(i -> there.get(i).isEmpty())
                    .mapToObj(batch::get)
                    .toList();
            rows.put(lost);
            lost.forEach(this::confirm);
        }
    }

    /** What was given up while it was written would have nobody to remove it. */
    private void confirm(Row written) {
        Thing thing = new Thing(written.group(), written.member());
        Lock lock = order.get(thing);
        lock.lock();
        try {
            Row now = held.get(thing);
            if (now == null) {
                node.await(
                        () -> directory.remove(written.group(), written.member(), written.owner()),
                        "give up " + thing + " again");
            } else if (now != written) {
                node.await(() -> directory.put(now), "hold " + thing + " again");
            }
        } finally {
            lock.unlock();
        }
    }

    private void giveUp(Thing thing, Row row) {
        // A later hold of the same thing, here, has another row and keeps it.
        if (!held.remove(thing, row) || node.life().ended()) {
            return;
        }
        try {
            node.await(() -> directory.remove(row.group(), row.member(), row.owner()), "give up " + thing);
        } catch (ClusterException | IllegalStateException e) {
            // As many as there are connections, if the backend is away.
            LOG.debug("{} could not be given up ({}); it is tried again with every beat", thing, e.getMessage());
            unsettled.add(thing, Optional.empty());
        }
    }

    /** What could not be given up, or was written although nobody was told so. */
    private void settle(Thing thing) {
        Lock lock = order.get(thing);
        lock.lock();
        try {
            Row now = held.get(thing);
            if (now == null) {
                node.await(
                        () -> directory.remove(
                                thing.group(), thing.key(), node.self().id()),
                        "give up " + thing);
                return;
            }
            Optional<Row> there = node.await(() -> directory.find(thing.group(), thing.key()), "look for " + thing);
            // Of an earlier hold here; another's is newer.
            if (there.filter(row -> row.owner().equals(now.owner()))
                    .filter(row -> !Arrays.equals(row.data(), now.data()))
                    .isPresent()) {
                node.await(() -> directory.put(now), "hold " + thing);
            }
        } finally {
            lock.unlock();
        }
    }

    private record Thing(String group, String key) {
        private static final String PREFIX = "own:";

        static String group(String kind) {
            if (!KIND.matcher(kind).matches()) {
                throw new IllegalArgumentException(
                        "A kind must match " + KIND.pattern() + ", was \"" + Names.printable(kind) + "\"");
            }
            return PREFIX + kind;
        }

        static Thing of(String kind, String key) {
            String group = group(kind);
            if (key.isEmpty() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("The key of a " + kind + " is 1 to " + LONGEST_KEY
                        + " characters without control characters, was \"" + Names.printable(key) + "\"");
            }
            return new Thing(group, key);
        }

        @Override
        public String toString() {
            return group.substring(PREFIX.length()) + " \"" + Names.printable(key) + "\"";
        }
    }

    private record Metadata(Map<String, String> metadata) {}
}
