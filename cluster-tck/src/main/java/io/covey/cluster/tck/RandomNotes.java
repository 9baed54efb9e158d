package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TaskNotes;
import io.covey.cluster.tck.LedgerTask.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Notes of tasks, taken and read at random, and what owners hold. */
final class RandomNotes {
    private static final Duration KEEP = Duration.ofHours(1);

    private final RandomScene scene;
    private final Map<String, String> kept = new HashMap<>();
    private int notes;
    private boolean told;

    RandomNotes(RandomScene scene) {
        this.scene = scene;
    }

    /** Notes something of a lease, the newest of its task or an old one, and reads it and others. */
    void put(Held held) {
        LedgerTask task = scene.ledger.byId(held);
        if (task == null || task.publicId.equals(LedgerTask.ANOTHER)) {
            return;
        }
        String name = "n" + scene.random.nextInt(2);
        String note = "note " + (++notes);
        boolean wanted = task.settledBy(held.fence());
        scene.trace("note " + name + " of " + task + " by " + held);
        boolean done = TransportContract.on(notes().put(held, task.called(), name, note.getBytes(UTF_8), KEEP));
        Ledger.check(done == wanted, "noted was " + done + " by " + held + " of " + task);
        scene.ledger.reached("note of " + task.place + " was " + done);
        if (done) {
            kept.put(key(task, name), note);
        }
        read(task, name);
    }

    /** An end with a result. */
    Outcome done(LedgerTask task) {
        byte[] result = ("result of " + task.number).getBytes(UTF_8);
        return new Outcome.Done(Optional.of(new Result(task.called(), result, KEEP)));
    }

    /** A task is done, with its result. */
    void ended(LedgerTask task) {
        kept.put(key(task, TaskNotes.RESULT), "result of " + task.number);
        read(task, TaskNotes.RESULT);
    }

    private void read(LedgerTask task, String name) {
        Optional<String> note = TransportContract.on(notes().get(task.queue, task.called(), name))
                .map(bytes -> new String(bytes, UTF_8));
        Optional<String> expected = Optional.ofNullable(kept.get(key(task, name)));
        Ledger.check(note.equals(expected), name + " of " + task + " is " + note + ", kept was " + expected);
    }

    private static String key(LedgerTask task, String name) {
        return task.queue + "/" + task.called() + "/" + name;
    }

    private TaskNotes notes() {
        return scene.broker().notes().orElseThrow();
    }

    /** Everything that an owner holds is among what it is said to hold, unless the backend says nothing ever. */
    void holdings(String owner, String queue) {
        scene.trace("holdings of " + owner + " in " + queue);
        Set<Held> listed = new HashSet<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<Held> page = TransportContract.on(scene.broker().holdings(owner, queue, cursor));
            listed.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());
        List<Held> held = scene.ledger.in(queue, Place.LEASED).stream()
                .filter(task -> task.owner.equals(owner))
                .map(task -> new Held(queue, String.valueOf(task.id), task.fence))
                .toList();
        told |= !listed.isEmpty();
        Ledger.check(!told || listed.containsAll(held), owner + " holds " + held + " but listed are " + listed);
        for (Held one : listed) {
            LedgerTask task = scene.ledger.byId(one);
            Ledger.check(
                    task != null && task.settledBy(one.fence()) && task.owner.equals(owner),
                    owner + " is said to hold " + one + ", which is " + task);
        }
    }
}
