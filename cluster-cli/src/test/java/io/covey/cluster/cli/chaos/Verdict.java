package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.cli.chaos.Ledger.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the ledger says of a case.
 *
 * @param tasks how many were accepted
 * @param lost accepted and never done
 * @param inFlight runs under way in the processes that were struck
 * @param secondStarts starts after the first of a task
 * @param needless those of them that no strike explains
 * @param secondDone completions after the first of a task
 * @param untold those of them whose first was written right before a strike, so that nobody heard of it
 * @param slowestMillis the longest time from a strike to the second start of a task it hit
 */
record Verdict(
        int tasks,
        Set<Integer> lost,
        int inFlight,
        int secondStarts,
        List<String> needless,
        int secondDone,
        int untold,
        long slowestMillis) {
    private static final Duration SECOND_RUN = Scene.LEASE.plusSeconds(3);
    /** The bound is one of a quiet machine. */
    private static final int NOISE = 3;

    static Verdict of(Set<Integer> accepted, Map<Integer, List<Run>> runs, List<Strike> strikes) {
        Set<Integer> lost = new TreeSet<>(accepted);
        List<String> needless = new ArrayList<>();
        int inFlight = 0;
        int secondStarts = 0;
        int secondDone = 0;
        int untold = 0;
        long slowest = 0;
        for (Map.Entry<Integer, List<Run>> task : runs.entrySet()) {
            List<Run> of = task.getValue();
            List<Run> done = of.stream().filter(run -> run.done().isPresent()).toList();
            if (!done.isEmpty()) {
                lost.remove(task.getKey());
            }
            int hits = 0;
            for (int i = 0; i < of.size(); i++) {
                Run run = of.get(i);
                Strike strike = strikes.stream()
                        .filter(each -> each.hit(run))
                        .findFirst()
                        .orElse(null);
                if (strike == null) {
                    continue;
                }
                hits++;
                inFlight += strike.interrupted(run) ? 1 : 0;
                if (i + 1 < of.size()) {
                    slowest = Math.max(slowest, of.get(i + 1).started() - strike.from());
                }
            }
            secondStarts += of.size() - 1;
            if (of.size() - 1 > hits) {
                needless.add(of.toString());
            }
            secondDone += Math.max(0, done.size() - 1);
            untold += Math.min(Math.max(0, done.size() - 1), (int) done.stream()
                    .filter(run -> strikes.stream().anyMatch(strike -> strike.silenced(run)))
                    .count());
        }
        return new Verdict(accepted.size(), lost, inFlight, secondStarts, needless, secondDone, untold, slowest);
    }

    void check(String name, boolean timed) {
        assertThat(lost).as("%s: tasks that were accepted and never done", name).isEmpty();
        assertThat(needless)
                .as("%s: tasks that started again though no process that ran them was struck", name)
                .isEmpty();
        assertThat(secondDone - untold).as("%s: second completions", name).isZero();
        if (timed) {
            assertThat(Duration.ofMillis(slowestMillis))
                    .as("%s: the slowest second run", name)
                    .isLessThan(SECOND_RUN.multipliedBy(NOISE));
        }
    }

    @Override
    public String toString() {
        return String.format(
                "%d tasks, %d lost, %d second starts (%d needless, %d in flight when struck), %d second completions"
                        + " (%d of effects not yet told), slowest second run %.1f s",
                tasks,
                lost.size(),
                secondStarts,
                needless.size(),
                inFlight,
                secondDone,
                untold,
                slowestMillis / 1000.0);
    }
}
