package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tck.LedgerTask.Place;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What changes of tasks that nobody runs may answer, by the {@link Ledger}; of some it is not known how often they happened. */
final class LedgerChanges {
    private final Ledger ledger;

    LedgerChanges(Ledger ledger) {
        this.ledger = ledger;
    }

    void cancelled(LedgerTask task, String id, Cancelled answer, boolean repeated) {
        String what = task + " was cancelled: " + answer;
        ledger.reached("cancel of " + task.place + " was " + answer);
        if (task.ended()) {
            Ledger.check(answer == Cancelled.UNKNOWN, what);
            ledger.wishes.asked(id);
        } else if (task.place == Place.LEASED) {
            Ledger.check(answer == Cancelled.TOLD, what);
            ledger.wishes.wanted(task);
        } else {
            Ledger.check(answer == Cancelled.REMOVED || repeated && answer == Cancelled.UNKNOWN, what);
            if (answer == Cancelled.UNKNOWN) {
                ledger.wishes.asked(id);
            }
            removed(task);
        }
    }

    private void removed(LedgerTask task) {
        ledger.end(task, Place.REMOVED);
        ledger.locks.gone(task, ledger.limits.of(task.queue).kind(), true);
    }

    void givenBack(String queue, long count, boolean repeated) {
        List<LedgerTask> back = ledger.in(queue, Place.REDO, Place.LAST, Place.REDO_OR_LAST, Place.RETRY);
        ledger.reached("give back of " + (back.isEmpty() ? "none" : "some"));
        // What the backend had put in the order of its keys goes back too, and loses its place in that.
        boolean own = ledger.limits.of(queue).kind() == Kind.OWN;
        List<LedgerTask> ordered = own ? ledger.in(queue, Place.WAITING, Place.DELAYED) : List.of();
        List<LedgerTask> quiet = own
                ? List.of()
                : ledger.in(queue, Place.DELAYED).stream()
                        .filter(task -> !task.quiet.isEmpty())
                        .toList();
        long most = back.size() + ordered.size() + quiet.size() + ledger.count(queue, Place.GIVEN);
        Ledger.check((repeated || count >= back.size()) && count <= most, count + " were given back, expected " + back);
        for (LedgerTask task : ordered) {
            if (task.place == Place.WAITING) {
                task.place = Place.GIVEN;
            }
            task.loose = true;
        }
        quiet.forEach(task -> task.quiet = "");
        for (LedgerTask task : back) {
            // The wish names a lease that will never be again.
            task.wanted &= !task.publicId.isEmpty();
            task.forget();
        }
    }

    /** Tasks were removed by what they are: some for certain, others if they were there; a look tells what is left. */
    void removed(
            Collection<LedgerTask> certain,
            Collection<LedgerTask> perhaps,
            long count,
            Set<Integer> left,
            boolean repeated) {
        long gone = 0;
        for (LedgerTask task : certain) {
            Ledger.check(!left.contains(task.number), task + " should have been removed");
        }
        for (LedgerTask task : perhaps) {
            if (!left.contains(task.number)) {
                removed(task);
                gone++;
            }
        }
        certain.forEach(this::removed);
        gone += certain.size();
        ledger.reached("removal of " + (gone == 0 ? "none" : "some"));
        Ledger.check(count == gone || repeated && count < gone, count + " were removed, but gone are " + gone);
    }

    /** A task is a new one, since it was added once more after it had failed. */
    void retried(LedgerTask task) {
        ledger.reached("retry of a failed one" + (task.lock.isEmpty() ? "" : " with a lock"));
        task.forget();
        task.loose = false;
        task.wanted = false;
        if (!task.publicId.isEmpty()) {
            task.publicId = LedgerTask.ANOTHER;
        }
        ledger.failedNoMore();
        ledger.reopened(task);
    }

    void dropped(LedgerTask task) {
        ledger.reached("drop of a failed one");
        task.place = Place.REMOVED;
        ledger.failedNoMore();
    }

    /** A worker of another make took it; it frees no lock that it knows nothing of. */
    void popped(LedgerTask task) {
        Ledger.check(
                task.place == Place.WAITING || task.place == Place.GIVEN || task.place == Place.DELAYED,
                task + " waited for workers of every make");
        ledger.reached("pop of " + task.place);
        ledger.end(task, Place.FOREIGN);
    }
}
