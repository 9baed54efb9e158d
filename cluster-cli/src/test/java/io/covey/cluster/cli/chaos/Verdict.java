package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.cli.chaos.Ledger.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the ledger says of a case. */
final class Verdict {
    /** What is promised of a task whose process was struck, while others have place for it. */
    static final Duration SECOND_RUN = Scene.LEASE.plusSeconds(3);

    private final Set<Integer> lost;
    private final List<String> needless = new ArrayList<>();
    private final List<Duration> lastTries = new ArrayList<>();
    private final List<Strike> strikes;
    private final int tasks;
    private final int limit;
    private int inFlight;
    private int secondStarts;
    private int secondDone;
    private int untold;
    private Duration slowest = Duration.ZERO;

    private Verdict(Set<Integer> accepted, List<Strike> strikes, int limit) {
        this.tasks = accepted.size();
        this.lost = new TreeSet<>(accepted);
        this.strikes = strikes;
        this.limit = limit;
    }

    /**
     * Judges.
     *
     * @param limit after how many deliveries a task fails
     */
    static Verdict of(Set<Integer> accepted, Map<Integer, List<Run>> runs, List<Strike> strikes, int limit) {
        Verdict verdict = new Verdict(accepted, strikes, limit);
        runs.forEach(verdict::add);
        return verdict;
    }

    private void add(int task, List<Run> runs) {
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            inFlight += strikes.stream().anyMatch(strike -> strike.interrupted(run)) ? 1 : 0;
            if (i > 0) {
                addSecond(runs.get(i - 1), run);
            }
        }
        List<Run> done = runs.stream()
                .filter(run -> run.done().isPresent())
                .sorted(Comparator.comparingLong(run -> run.done().getAsLong()))
                .toList();
        if (done.isEmpty()) {
            return;
        }
        lost.remove(task);
        secondDone += done.size() - 1;
        untold += (int) done.subList(0, done.size() - 1).stream()
                .filter(run -> strikes.stream().anyMatch(strike -> strike.silenced(run)))
                .count();
    }

    /** Only what happened to the process of a run, between its start and the next, explains the next. */
    private void addSecond(Run before, Run run) {
        secondStarts++;
        if (strikes.stream().noneMatch(strike -> strike.explains(before, run.started()))) {
            needless.add(before + " was followed by " + run);
        }
        List<Strike> delays = strikes.stream()
                .filter(strike -> strike.delayed(run.task(), run.started()))
                .toList();
        if (delays.isEmpty()) {
            return;
        }
        Duration after = Duration.ofMillis(
                run.started() - delays.stream().mapToLong(Strike::from).max().orElseThrow());
        if (delays.size() >= limit - 1) {
            lastTries.add(after);
        } else if (after.compareTo(slowest) > 0) {
            slowest = after;
        }
    }

    void check(String name, boolean timed) {
        assertThat(lost).as("%s: tasks that were accepted and never done", name).isEmpty();
        assertThat(needless)
                .as("%s: tasks that started again though nothing was done to the process that had them", name)
                .isEmpty();
        assertThat(secondDone - untold).as("%s: second completions", name).isZero();
        if (timed) {
            assertThat(slowest)
                    .as("%s: the slowest second run; --patience %d", name, Asked.PATIENCE)
                    .isLessThanOrEqualTo(SECOND_RUN.multipliedBy(Asked.PATIENCE));
        }
    }

    /** Runs that were under way in the processes that were struck. */
    int inFlight() {
        return inFlight;
    }

    /** Starts after the first of a task. */
    int secondStarts() {
        return secondStarts;
    }

    /** Completions after the first of a task. */
    int secondDone() {
        return secondDone;
    }

    /** Accepted and never done. */
    Set<Integer> lost() {
        return lost;
    }

    /** How long after the last strike the tries began that are the last and run alone. */
    List<Duration> lastTries() {
        return lastTries;
    }

    @Override
    public String toString() {
        return String.format(
                "%d tasks, %d lost, %d second starts (%d needless, %d in flight when struck), %d second completions"
                        + " (%d of effects not yet told), slowest second run %s s%s",
                tasks,
                lost.size(),
                secondStarts,
                needless.size(),
                inFlight,
                secondDone,
                untold,
                seconds(slowest),
                lastTries.stream()
                        .max(Comparator.naturalOrder())
                        .map(last -> ", slowest of " + lastTries.size() + " last tries " + seconds(last) + " s")
                        .orElse(""));
    }

    private static String seconds(Duration time) {
        return String.format("%.1f", time.toMillis() / 1000.0);
    }
}
