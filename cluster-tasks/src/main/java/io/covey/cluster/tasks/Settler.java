package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.tasks.WorkedQueue.Ended;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes in the answers: ends what was settled, starts what was claimed, notices what went wrong. */
final class Settler implements Trips.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final WorkerParts parts;

    Settler(WorkerParts parts) {
        this.parts = parts;
    }

    @Override
    public void wake() {
        parts.poller().wake();
    }

    @Override
    public void failed(Throwable thrown, long now) {
        parts.outage().failed(Brokers.reason(thrown), now);
    }

    @Override
    public void answered(Part part, TurnAnswer answer, long now) {
        parts.outage().answered(now);
        WorkedQueue queue = part.queue;
        if (answer.status() == Status.STALE || answer.status() == Status.UNKNOWN) {
            LOG.atWarn()
                    .addKeyValue("event", "worker.conversation.new")
                    .log(
                            "Worker {}: queue {} does not know this conversation ({}); going on with a new one, {} ends of tasks"
                                    + " are sent again",
                            parts.owner(),
                            queue.name(),
                            answer.status(),
                            part.settles.size());
            parts.poller().unsettled(part.settles.size());
            queue.startAgain(part.settles);
            if (part.again) {
                queue.recovery().unanswered(part.turn.settlements());
            }
            queue.recovery().begin(now);
            return;
        }
        if (answer.rolledBack()) {
            LOG.atWarn()
                    .addKeyValue("event", "queue.rolledback")
                    .log(
                            "Worker {}: the backend has lost the last of what it acknowledged of queue {} (a failover?); the ends"
                                    + " of the last seconds are sent again",
                            parts.owner(),
                            queue.name());
            queue.recovery().begin(now);
        }
        if (part.failures == 0) {
            parts.pace().tripped(now - part.sent);
        }
        queue.answered(answer.state(), part.turn.limit(), answer.leases().size(), now)
                .ifPresent(was -> epochChanged(queue, was, answer.state().epoch(), now));
        if (part.again) {
            queue.recovery().answered(answer.settled());
        } else {
            queue.recovery().settled(part.turn.settlements(), answer.settled(), now);
        }
        for (int i = 0; i < part.settles.size(); i++) {
            settled(part.settles.get(i), answer.settled().get(i));
        }
        parts.counts().settled(part.settles, answer.settled());
        claimed(part, answer.leases(), answer.state().cancelling());
        if (queue.recovery().toAsk()) {
            if (queue.recovery().remade() > 0) {
                LOG.atInfo()
                        .addKeyValue("event", "queue.resettled")
                        .log(
                                "Worker {}: {} ends that the backend had lost of queue {} were accepted again",
                                parts.owner(),
                                queue.recovery().remade(),
                                queue.name());
            }
            parts.holdings().check(queue);
        }
    }

    private void claimed(Part part, List<Lease> leases, boolean cancelling) {
        List<TaskRun> runs = new ArrayList<>(leases.size());
        for (Lease lease : leases) {
            TaskRun run = new TaskRun(
                    lease, part.queue, parts.handlers().find(lease), parts.time(), part.firstSent, parts.keeper());
            parts.book().add(run);
            runs.add(run);
        }
        if (!parts.poller().claimed(runs.size())) {
            runs.forEach(this::release);
        } else if (runs.isEmpty()) {
            return;
        } else if (cancelling) {
            // What somebody wants to be stopped is not to start; the others wait for one answer.
            parts.keeper().ask(runs, () -> start(runs));
        } else {
            start(runs);
        }
    }

    private void start(List<TaskRun> runs) {
        // The worker may have begun to stop in between.
        if (!parts.runners().start(runs)) {
            runs.forEach(this::release);
        }
    }

    private void release(TaskRun run) {
        if (run.end()) {
            parts.poller().ended(run, new Outcome.Release());
        }
    }

    private void settled(Ended ended, Settled answer) {
        TaskRun run = ended.run();
        parts.book().remove(run);
        if (answer != Settled.DONE) {
            parts.tally().refused().increment();
            parts.events().emit(() -> new WorkerEvent.Refused(run.ref(), answer));
            LOG.atWarn()
                    .addKeyValue("event", "task.refused")
                    .log(
                            "Worker {}: the end of {} was refused: {}",
                            parts.owner(),
                            run.ref(),
                            answer == Settled.FENCED
                                    ? "its lease (fence " + run.lease().fence() + ") was over and another has it"
                                    : "it was settled before or is gone");
            return;
        }
        if (run.discarded()) {
            parts.tally().discarded().increment();
        } else if (Judge.isCancelled(ended.outcome())) {
            parts.tally().cancelled().increment();
        } else if (ended.outcome() instanceof Outcome.Done) {
            parts.tally().processed().increment();
            run.source().processed().incrementAndGet();
        } else if (ended.outcome() instanceof Outcome.Retry) {
            parts.tally().retried().increment();
        } else if (ended.outcome() instanceof Outcome.Fail) {
            parts.tally().failed().increment();
        } else {
            parts.tally().released().increment();
            parts.events().emit(() -> new WorkerEvent.Released(run.ref()));
        }
    }

    private void epochChanged(WorkedQueue queue, String was, String is, long now) {
        LOG.atError()
                .addKeyValue("event", "queue.data.lost")
                .log(
                        "Worker {}: the data of queue {} was lost or replaced: epoch {} was {}; tasks accepted before may be gone,"
                                + " the worker goes on",
                        parts.owner(),
                        queue.name(),
                        is,
                        was);
        queue.startAgain(List.of());
        queue.recovery().begin(now);
        parts.health().epochChanged(queue.name(), was, is);
        parts.events().emit(() -> new WorkerEvent.DataEpochChanged(queue.name(), was, is));
    }
}
