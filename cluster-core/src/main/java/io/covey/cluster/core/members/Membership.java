package io.covey.cluster.core.members;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Members.Change;
import io.covey.cluster.Node;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Roster;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one beat does: says that we are alive, and works out who came and who went. Runs on the thread of the heartbeat. */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final int TRIES = 5;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

    private final NodeContext node;
    private final Directory directory;
    private final Rows rows;
    private final Runnable registerAgain;
    private final BiConsumer<Change, Node> events;
    private final Map<String, Node> known = new HashMap<>();
    private final Set<String> unread = new HashSet<>();
    private final Suspects suspects;
    /** Dead nodes that we marked, and when the mark may go. */
    private final Map<String, Long> stones = new HashMap<>();

    private long version;
    private long graceUntil;
    private boolean grace;
    /** The backend knows this node again since some beat, but not all of its rows. */
    private boolean unwritten;

    private volatile MemberList members;

    Membership(NodeContext node, Directory directory, Runnable registerAgain, BiConsumer<Change, Node> events) {
        this.node = node;
        this.directory = directory;
        this.rows = new Rows(node, directory);
        this.registerAgain = registerAgain;
        this.events = events;
        this.suspects =
                new Suspects(node.config().lease().dividedBy(2), node.clock().nanos());
        known.put(node.self().id(), node.self());
        this.members = MemberList.of(known.values(), Set.of());
    }

    MemberList members() {
        return members;
    }

    /** The first beat: who is there already has not just joined. */
    void join() {
        Roster roster = say();
        for (int left = TRIES; !introduced(left); left--) {
            roster = say(0);
        }
        take(roster, false);
    }

    /** False if this process was stopped since its beat for so long that it was taken for dead. */
    private boolean introduced(int triesLeft) {
        try {
            rows.putSelf();
            return true;
        } catch (IllegalStateException e) {
            if (triesLeft <= 1) {
                throw new ClusterException(
                        "Node " + node.self().id() + " was taken for dead " + TRIES
                                + " times while it joined: its process stands still for longer than its lease of "
                                + node.config().lease() + ", or others see another time",
                        e);
            }
            return false;
        }
    }

    /** Every other beat. */
    void beat() {
        Roster roster = say();
        if (!roster.renewed()) {
            LOG.atWarn()
                    .addKeyValue("event", "node.registered.again")
                    .log(
                            "Node {} was not known to the backend (any more); it registers again",
                            node.self().id());
            // If the backend lost its memory the others register again within a beat: nobody has died of that.
            grace = true;
            graceUntil = node.clock().nanos() + node.config().lease().toNanos();
            unwritten = true;
        }
        if (unwritten) {
            rows.putSelf();
            registerAgain.run();
            unwritten = false;
        }
        take(roster, true);
    }

    void leave() {
        rows.burySelf();
    }

    private Roster say() {
        // While rows are awaited, or members missed under the grace, the roster must be read whole.
        return say(grace || !unread.isEmpty() ? 0 : version);
    }

    private Roster say(long have) {
        node.life().ensureOpen();
        Duration half = node.config().lease().dividedBy(2);
        Duration most = half.compareTo(LONGEST_ANSWER) < 0 ? half : LONGEST_ANSWER;
        return Await.on(
                directory.beat(node.self().id(), node.config().lease(), have),
                most,
                "beat of node " + node.self().id());
    }

    private void take(Roster first, boolean tell) {
        Roster roster = first;
        if (!first.overdue().isEmpty()) {
            first.overdue().forEach(this::bury);
            // One of them may have come back just in time.
            roster = say(0);
        }
        if (roster.alive().isPresent()) {
            Set<String> alive = roster.alive().get();
            came(alive, tell);
            went(alive, roster.overdue(), tell);
            version = roster.version();
            forgetStones(alive);
        }
        if (tell) {
            suspect(roster);
        }
    }

    private void suspect(Roster roster) {
        Set<String> newly =
                suspects.suspect(roster.late(), known.keySet(), node.clock().nanos());
        Set<String> resumed = suspects.resume(roster.late(), roster.overdue(), known.keySet());
        if (newly.isEmpty() && resumed.isEmpty()) {
            return;
        }
        show();
        newly.forEach(id -> events.accept(Change.SUSPECTED, known.get(id)));
        resumed.forEach(id -> events.accept(Change.RESUMED, known.get(id)));
    }

    /** In which time a member that is late will be dead if it goes on being silent. */
    Optional<Duration> nextDeath() {
        return suspects.nextDeath();
    }

    private void bury(String id) {
        rows.bury(id);
        stones.put(
                id,
                node.clock().nanos() + node.config().lease().multipliedBy(10).toNanos());
    }

    private void came(Set<String> alive, boolean tell) {
        unread.clear();
        unread.addAll(alive);
        unread.removeAll(known.keySet());
        Map<String, Node> read = unread.isEmpty() ? Map.of() : rows.read(Set.copyOf(unread));
        unread.removeAll(read.keySet());
        known.putAll(read);
        show();
        if (tell) {
            MemberList.sorted(read.values()).forEach(found -> events.accept(Change.JOINED, found));
        }
    }

    private void went(Set<String> alive, Set<String> overdue, boolean tell) {
        if (grace && node.clock().nanos() - graceUntil >= 0) {
            grace = false;
        }
        Set<String> missing = new HashSet<>(known.keySet());
        missing.removeAll(alive);
        missing.removeAll(overdue);
        missing.remove(node.self().id());
        for (String id : missing) {
            if (!grace) {
                gone(id, rows.died(id) ? Change.DIED : Change.LEFT, tell);
            }
        }
    }

    private void gone(String id, Change how, boolean tell) {
        Node lost = known.remove(id);
        suspects.forget(id);
        show();
        if (lost != null && tell) {
            events.accept(how, lost);
        }
    }

    /** Before anybody is told: who hears of a change finds it in the list. */
    private void show() {
        members = MemberList.of(known.values(), suspects.ids());
    }

    private void forgetStones(Set<String> alive) {
        for (String id : Set.copyOf(stones.keySet())) {
            if (alive.contains(id) || node.clock().nanos() - stones.get(id) >= 0) {
                try {
                    rows.forget(id);
                    stones.remove(id);
                } catch (ClusterException e) {
                    LOG.debug("The mark of dead node {} stays for now", id, e);
                }
            }
        }
    }
}
