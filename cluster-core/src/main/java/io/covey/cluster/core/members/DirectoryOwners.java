package io.covey.cluster.core.members;

import com.google.common.util.concurrent.Striped;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Codec;
import io.covey.cluster.Members;
import io.covey.cluster.Node;
import io.covey.cluster.Owners;
import io.covey.cluster.Registration;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Names;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who holds what: one row for each thing, in a group for each kind, gone with its owner. */
public final class DirectoryOwners implements Owners {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryOwners.class);
    private static final Pattern KIND = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int LONGEST_KEY = 200;

    private final NodeContext node;
    private final Directory directory;
    private final Supplier<Members> members;
    private final Codec<Metadata> codec = Codecs.of(Metadata.class);
    private final ConcurrentMap<Thing, Row> held = new ConcurrentHashMap<>();
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
        this.members = members;
    }

    @Override
    public Registration hold(String kind, String key, Map<String, String> metadata) {
        Thing thing = Thing.of(kind, key);
        Row row = new Row(thing.group(), key, node.self().id(), codec.encode(new Metadata(metadata)));
        Lock lock = order.get(thing);
        lock.lock();
        try {
            write(thing, row);
        } finally {
            lock.unlock();
        }
        return () -> {
            lock.lock();
            try {
                giveUp(thing, row);
            } finally {
                lock.unlock();
            }
        };
    }

    private void write(Thing thing, Row row) {
        Row before = held.put(thing, row);
        try {
            node.await(() -> directory.put(row), "hold " + thing);
        } catch (RuntimeException e) {
            if (before == null) {
                held.remove(thing, row);
            } else {
                held.replace(thing, row, before);
            }
            throw e;
        }
    }

    @Override
    public Optional<Node> find(String kind, String key) {
        Thing thing = Thing.of(kind, key);
        Optional<String> owner = owner(thing);
        if (owner.isEmpty()) {
            return Optional.empty();
        }
        Optional<Node> known = members.get().find(owner.get());
        if (known.isPresent()) {
            return known;
        }
        members.get().refresh();
        return members.get().find(owner.get());
    }

    /** Writes the rows again after the backend forgot this node, but takes nothing from those who came since. */
    public void registerAgain() {
        held.keySet().forEach(thing -> {
            Lock lock = order.get(thing);
            lock.lock();
            try {
                Row row = held.get(thing);
                // what was given up meanwhile would have nobody to remove it
                if (row != null && owner(thing).isEmpty()) {
                    node.await(() -> directory.put(row), "hold " + thing + " again");
                }
            } finally {
                lock.unlock();
            }
        });
    }

    private Optional<String> owner(Thing thing) {
        return node.await(() -> directory.find(thing.group(), thing.key()), "find the owner of " + thing)
                .map(Row::owner);
    }

    private void giveUp(Thing thing, Row row) {
        // A later hold of the same thing, here, has another row and keeps it.
        if (!held.remove(thing, row) || node.life().ended()) {
            return;
        }
        try {
            node.await(() -> directory.remove(row.group(), row.member(), row.owner()), "give up " + thing);
        } catch (ClusterException | IllegalStateException e) {
            LOG.warn("{} could not be given up ({}); it goes with this node", thing, e.getMessage());
        }
    }

    private record Thing(String group, String key) {

        static Thing of(String kind, String key) {
            if (!KIND.matcher(kind).matches()) {
                throw new IllegalArgumentException(
                        "A kind must match " + KIND.pattern() + ", was \"" + Names.printable(kind) + "\"");
            }
            if (key.isEmpty() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("The key of a " + kind + " is 1 to " + LONGEST_KEY
                        + " characters without control characters, was \"" + Names.printable(key) + "\"");
            }
            return new Thing("own:" + kind, key);
        }

        @Override
        public String toString() {
            return group.substring("own:".length()) + " \"" + Names.printable(key) + "\"";
        }
    }

    private record Metadata(Map<String, String> metadata) {}
}
