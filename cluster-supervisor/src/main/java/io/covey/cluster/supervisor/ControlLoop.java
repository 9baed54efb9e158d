package io.covey.cluster.supervisor;

import io.covey.cluster.supervisor.ChildEvent.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, on one thread: what comes from outside is queued to it, and some times a second it looks at every process.
 */
final class ControlLoop {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long LOOK_MILLIS = 100;
    private static final int MOST_WORKERS = 1000;
    private static final long OUTPUT_PATIENCE = Duration.ofSeconds(4).toNanos();

    private final Settings settings;
    private final Launcher launcher;
    private final EventDelivery events;
    private final @Nullable ServiceNotice notice;
    private final @Nullable HttpProbe probe;
    private final Vitals vitals;
    private final CrashJudge judge;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    /** Changed by the control thread alone. */
    private final List<Slot> slots = new CopyOnWriteArrayList<>();

    private final List<Child> leaving = new ArrayList<>();
    private final List<Child> printing = new ArrayList<>();
    private final Map<Integer, Integer> incarnations = new HashMap<>();
    private @Nullable Rollout rollout;
    private boolean rolloutWanted;
    private boolean processesTell;
    private boolean running;
    private boolean stopping;
    private int killed;
    private @Nullable Outcome crash;

    ControlLoop(
            Settings settings,
            Launcher launcher,
            EventDelivery events,
            @Nullable ServiceNotice notice,
            @Nullable HttpProbe probe) {
        this.settings = settings;
        this.launcher = launcher;
        this.events = events;
        this.notice = notice;
        this.probe = probe;
        this.vitals = new Vitals(settings);
        this.judge = new CrashJudge(settings);
    }

    /** For all threads: has something done by the control thread. */
    void order(Runnable order) {
        inbox.add(order);
    }

    private void wake() {
        inbox.add(() -> {});
    }

    /** Returns when all processes have ended. */
    Outcome run() {
        launcher.limits().forEach(limit -> tell(new SupervisorEvent.Notice(limit)));
        vitals.limit().ifPresent(limit -> tell(new SupervisorEvent.Notice(limit)));
        for (int number = 1; number <= settings.workers(); number++) {
            slots.add(new Slot(number));
        }
        long now = System.nanoTime();
        slots.forEach(slot -> slot.startAt(now));
        while (!stopping || !leaving.isEmpty()) {
            try {
                look(System.nanoTime());
                Runnable order = inbox.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                while (order != null) {
                    safely(order);
                    order = inbox.poll();
                }
            } catch (RuntimeException e) {
                unexpected(e);
            } catch (InterruptedException e) {
                stop("The supervisor was interrupted");
            }
        }
        return outcome();
    }

    /** What concerns one process must not keep the others from being looked at. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            unexpected(e);
        }
    }

    private void unexpected(RuntimeException thrown) {
        LOG.error("The supervisor {} met an unexpected error; it goes on", settings.name(), thrown);
    }

    /** Kills all processes, and waits for their end, but not for long. */
    Outcome abandon(Throwable error) {
        List<Child> left = new ArrayList<>(leaving);
        for (Slot slot : slots) {
            for (Child child : new Child[] {slot.current(), slot.next()}) {
                if (child != null) {
                    left.add(child);
                }
            }
        }
        int count = 0;
        for (Child child : left) {
            try {
                count += child.kill() ? 1 : 0;
            } catch (Throwable e) {
                LOG.error("{} may not have been killed", child.name(), e);
            }
        }
        long deadline = System.nanoTime() + OUTPUT_PATIENCE;
        left.forEach(child -> child.awaitEnd(deadline));
        return new Outcome(
                true, "The supervisor met " + error + " and killed all processes", 0, List.of(), killed + count);
    }

    private Outcome outcome() {
        long deadline = System.nanoTime() + OUTPUT_PATIENCE;
        printing.forEach(child -> child.awaitOutput(deadline));
        if (crash != null) {
            return new Outcome(true, crash.message(), crash.childStatus(), crash.lastLines(), killed);
        }
        String message = killed == 0
                ? "All processes have ended"
                : "All processes have ended; " + killed + " of them did not do so in time and were killed";
        return new Outcome(false, message, 0, List.of(), killed);
    }

    /** For all threads: the processes of now. */
    List<Slot> slots() {
        return slots;
    }

    private void look(long now) {
        if (notice != null) {
            notice.beat(now);
        }
        slots.forEach(slot -> safely(() -> lookAt(slot, now)));
        List.copyOf(leaving).forEach(child -> safely(() -> lookAtLeaving(child, now)));
        Rollout under = stopping ? null : rollout;
        boolean over = under != null && under.look(now);
        if (stopping) {
            return;
        }
        if (under != null && over) {
            tellReady(under.summary());
            rollout = null;
        }
        if (rollout == null && rolloutWanted) {
            rolloutWanted = false;
            // Whoever asks for it has changed something: places that wait after failures are tried at once.
            slots.stream().filter(Slot::isWaiting).forEach(slot -> {
                slot.recovered();
                slot.startAt(now);
            });
            rollout = new Rollout(this, settings, slots, now);
            if (notice != null) {
                notice.reloading();
            }
        }
        if (!running && slots.stream().allMatch(Slot::isReady)) {
            running = true;
            tell(new SupervisorEvent.Running(
                    slots.size(), ProcessHandle.current().pid()));
            tellReady(slots.size() + " processes work");
        }
    }

    private void tellReady(String status) {
        if (notice != null) {
            notice.ready(status);
        }
    }

    private void lookAt(Slot slot, long now) {
        Child child = slot.current();
        if (child == null) {
            if (slot.isDue(now)) {
                start(slot, now);
            }
        } else if (child.becomesEnded(now)) {
            tell(new ChildEvent.Ended(child.name(), child.pid(), child.status(), false, child.lastLines()));
            keepPrinting(child);
            slot.forgiveAfter(child, now, settings.times().stable());
            slot.current(null);
            if (slot.next() == null) {
                Duration worked = Duration.ofNanos(child.readyFor(now));
                String when = worked.isZero() ? " before it was ready" : "";
                String reason = child.name() + " ended with status " + child.status() + when;
                fail(slot, worked, child.status(), reason, child.lastLines(), now);
            }
        } else if (!becomesReady(child, now)) {
            Vitals.Finding finding = vitals.look(slot, slots, now);
            if (finding != null) {
                replace(slot, child, finding, now);
            }
        }
    }

    /** Whether it is ready now and was not before. */
    boolean becomesReady(Child child, long now) {
        if (!processesTell && child.hasTold()) {
            processesTell = true;
        }
        boolean ready = child.becomesReady(now, processesTell, probe);
        if (ready) {
            tell(new ChildEvent.Ready(child.name(), child.slot(), child.pid(), child.tookToBeReady()));
        }
        return ready;
    }

    private void start(Slot slot, long now) {
        try {
            slot.current(launch(slot));
        } catch (IOException | RuntimeException e) {
            slot.stopWaiting();
            fail(slot, Duration.ZERO, 0, "it cannot be started: " + Launcher.reason(e), List.of(), now);
        }
    }

    /** Starts a process for a place, under a name that no other one ever had. */
    Child launch(Slot slot) throws IOException {
        Child child = launcher.start(slot.number(), incarnations.merge(slot.number(), 1, Integer::sum), this::wake);
        tell(new ChildEvent.Started(child.name(), child.slot(), child.pid()));
        return child;
    }

    private void replace(Slot slot, Child child, Vitals.Finding finding, long now) {
        Duration worked = Duration.ofNanos(child.readyFor(now));
        leave(child, finding.cause(), finding.reason(), now);
        if (finding.atOnce()) {
            kill(child, finding.reason());
        }
        slot.forgiveAfter(child, now, settings.times().stable());
        slot.current(null);
        if (slot.next() != null) {
            return;
        }
        if (worked.compareTo(settings.times().stable()) < 0) {
            fail(slot, worked, 0, finding.reason(), child.lastLines(), now);
        } else {
            start(slot, now);
        }
    }

    /** Fills a place again, later, or gives up. */
    void fail(Slot slot, Duration worked, int status, String reason, List<String> lastLines, long now) {
        if (stopping) {
            return;
        }
        CrashJudge.Verdict verdict = judge.judge(slot, slots, worked, now);
        if (verdict.tell()) {
            tell(new SupervisorEvent.CrashLoop(
                    slot.number(), verdict.failures(), status, verdict.stops(), reason, lastLines));
        }
        if (verdict.stops()) {
            crash = new Outcome(
                    true,
                    "Gave up after " + verdict.failures() + " failures in a row: " + reason,
                    status,
                    lastLines,
                    0);
            stop("Gives up");
            return;
        }
        if (verdict.tell() && !running && rollout == null) {
            // Whoever waits for the start would stop those that work.
            tellReady(slots.stream().filter(Slot::isReady).count() + " of " + slots.size() + " processes work");
        }
        slot.startAt(now + verdict.pause().toNanos());
        tell(new SupervisorEvent.Restarting(slot.number(), verdict.failures(), verdict.pause(), reason));
    }

    /** Asks a process to end; it has no place any more. */
    void leave(Child child, Cause cause, String reason, long now) {
        tell(new ChildEvent.Draining(child.name(), child.pid(), cause, reason));
        child.drain(now);
        leaving.add(child);
    }

    boolean isLeaving(Child child) {
        return leaving.contains(child);
    }

    private void lookAtLeaving(Child child, long now) {
        if (child.becomesEnded(now)) {
            tell(new ChildEvent.Ended(child.name(), child.pid(), child.status(), true, List.of()));
            keepPrinting(child);
            leaving.remove(child);
        } else if (child.isOverdue(now)) {
            kill(child, "it did not end in " + settings.killAfter().toMillis() + " ms");
        } else {
            vitals.tooMuch(child, now).ifPresent(reason -> kill(child, reason));
        }
    }

    private void kill(Child child, String reason) {
        if (child.kill()) {
            killed += stopping ? 1 : 0;
            tell(new ChildEvent.Killed(child.name(), child.pid(), reason));
        }
    }

    /** What it printed is waited for at the end. */
    void keepPrinting(Child child) {
        printing.removeIf(Child::hasPrinted);
        if (!child.hasPrinted()) {
            printing.add(child);
        }
    }

    void grow() {
        if (stopping || slots.size() == MOST_WORKERS) {
            refuse("There will be no further process: " + (stopping ? "the supervisor stops" : "there are 1000"));
            return;
        }
        Slot slot = new Slot(slots.size() + 1);
        slots.add(slot);
        tell(new SupervisorEvent.Scaled(slots.size()));
        slot.startAt(System.nanoTime());
    }

    void shrink() {
        if (stopping || slots.size() == 1) {
            refuse("There will not be less processes: "
                    + (stopping ? "the supervisor stops" : "one is the least, and SIGTERM stops that one"));
            return;
        }
        Slot slot = slots.remove(slots.size() - 1);
        tell(new SupervisorEvent.Scaled(slots.size()));
        empty(slot, Cause.SHRINK, "there are to be " + slots.size() + " processes");
        slot.remove();
    }

    private void refuse(String text) {
        tell(new SupervisorEvent.Notice(text));
    }

    private void empty(Slot slot, Cause cause, String reason) {
        long now = System.nanoTime();
        for (Child child : new Child[] {slot.current(), slot.next()}) {
            if (child != null) {
                leave(child, cause, reason, now);
            }
        }
        slot.current(null);
        slot.next(null);
    }

    /** After the one that is under way, if there is one: it may have begun before the program was changed. */
    void rollout() {
        if (stopping) {
            refuse("There will be no rolling restart: the supervisor stops");
        } else {
            rolloutWanted = true;
        }
    }

    void stop(String reason) {
        if (stopping) {
            return;
        }
        stopping = true;
        rollout = null;
        if (notice != null) {
            notice.stopping();
        }
        int count = (int) slots.stream().filter(slot -> slot.current() != null).count();
        tell(new SupervisorEvent.Stopping(count, settings.killAfter(), reason));
        slots.forEach(slot -> empty(slot, Cause.STOP, "the supervisor stops"));
    }

    void killAll(String reason) {
        stop(reason);
        List.copyOf(leaving).forEach(child -> kill(child, reason));
    }

    void tell(SupervisorEvent event) {
        events.tell(event);
    }
}
