package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Changed;
import io.covey.cluster.spi.QueueControl.Listed;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tck.LedgerTask.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Failed tasks, run again and dropped at random. */
final class RandomFailures {
    private final RandomScene scene;
    private final LedgerChanges judge;

    RandomFailures(RandomScene scene) {
        this.scene = scene;
        this.judge = new LedgerChanges(scene.ledger);
    }

    /** One, or some at once. */
    void change() {
        List<Listed> listed = listed();
        if (listed.isEmpty()) {
            return;
        }
        QueueControl control = scene.broker().control().orElseThrow();
        boolean retry = scene.random.nextInt(3) > 0;
        List<Listed> some = some(listed);
        scene.trace((retry ? "retry " : "drop ") + some.stream().map(this::task).toList());
        Instant then = scene.now();
        if (some.size() == 1 && scene.random.nextBoolean()) {
            FailedTask one = some.get(0).task();
            boolean there = TransportContract.on(retry ? control.retry(one) : control.drop(one));
            Ledger.check(there || scene.repeated(), task(some.get(0)) + " was not there");
        } else {
            Changed answer = TransportContract.on(retry ? control.retryAll(some) : control.dropAll(some));
            Ledger.check(answer.refused().isEmpty(), "refused: " + answer.refused());
            Ledger.check(
                    answer.count() == some.size() || scene.repeated() && answer.count() < some.size(),
                    "of " + some.size() + " were there " + answer.count());
        }
        List<LedgerTask> changed = some.stream().map(this::task).toList();
        if (retry) {
            changed.forEach(judge::retried);
            scene.ledger.locks.retried(changed, this::kind, then, scene.now());
        } else {
            changed.forEach(judge::dropped);
        }
        Set<Integer> left = numbers();
        some.forEach(one -> Ledger.check(!left.contains(task(one).number), task(one) + " is still a failed one"));
    }

    private Kind kind(String queue) {
        return scene.ledger.limits.of(queue).kind();
    }

    private List<Listed> listed() {
        List<FailedTask> failures = scene.failures();
        List<Listed> listed = new ArrayList<>();
        for (int i = 0; i < failures.size(); i++) {
            Listed one = new Listed(failures.get(i), i);
            Ledger.check(task(one).place == Place.FAILED, task(one) + " is listed as failed");
            scene.ledger.locks.listed(task(one), kind(task(one).queue));
            listed.add(one);
        }
        return listed;
    }

    private List<Listed> some(List<Listed> listed) {
        int most = Math.min(listed.size(), 1 + scene.random.nextInt(3));
        int from = scene.random.nextInt(listed.size() - most + 1);
        return listed.subList(from, from + most);
    }

    /** The numbers of the failed ones. */
    Set<Integer> numbers() {
        return scene.failures().stream()
                .map(one -> RandomScene.number(one.failure().content()))
                .collect(Collectors.toSet());
    }

    private LedgerTask task(Listed one) {
        int number = RandomScene.number(one.task().failure().content());
        LedgerTask task = scene.ledger.numbered(number);
        Ledger.check(task != null, "nobody made task " + number);
        return task;
    }
}
