package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailedTasksTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers").retry(RetryPolicy.never());
    private static final TaskType<Integer> OTHER =
            TaskType.of("other", Integer.class).on("others").retry(RetryPolicy.never());

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final TaskQueue tasks = TaskQueue.on(node);
    private final FailedTasks failed = tasks.failed();

    @AfterEach
    void close() {
        fleet.close();
    }

    /** Tasks 0 to count - 1 fail: those divisible by three because of the weather. */
    private void fail(TaskType<Integer> type, int count) {
        long before = failed.count();
        tasks.enqueueAll(type, IntStream.range(0, count).boxed().toList());
        try (Worker worker = Worker.on(fleet.join())
                .queues(type.queue())
                .concurrency(1)
                .handlers(handlers -> handlers.handle(type, (number, task) -> {
                    throw number % 3 == 0
                            ? new IllegalStateException("It Rains")
                            : new IllegalArgumentException("bad number " + number);
                }))
                .start()) {
            await().atMost(Duration.ofSeconds(60)).until(() -> failed.count() == before + count);
            assertThat(worker.stats().failed()).isEqualTo(count);
        }
    }

    private long waiting(String queue) {
        return tasks.inspect().queue(queue).map(QueueInfo::waiting).orElse(0L);
    }

    private static int number(FailedTask task) {
        String args = new String(((Content.Readable) task.failure().content()).args(), StandardCharsets.UTF_8);
        return Integer.parseInt(args.substring(1, args.length() - 1));
    }

    @Test
    void oneIsRunAgainOrDroppedOnce() {
        fail(COUNT, 2);
        List<FailedTask> page = failed.page(0, 10);
        assertThat(page).extracting(FailedTasksTest::number).containsExactly(0, 1);
        assertThat(failed.retry(page.get(0))).isTrue();
        assertThat(failed.retry(page.get(0))).isFalse();
        assertThat(failed.drop(page.get(1))).isTrue();
        assertThat(failed.drop(page.get(1))).isFalse();
        assertThat(failed.count()).isZero();
        assertThat(waiting("numbers")).isEqualTo(1);
    }

    @Test
    void filtersGoByQueueTypeErrorAndAge() {
        fail(COUNT, 6);
        fleet.elapse(Duration.ofHours(2));
        fail(OTHER, 3);
        assertThat(List.of(
                        found(FailedFilter.all()),
                        found(FailedFilter.all().withQueue("numbers")),
                        found(FailedFilter.all().withType("other")),
                        found(FailedFilter.all().withError("rains")),
                        found(FailedFilter.all().withError("illegalargument")),
                        found(FailedFilter.all().withOlderThan(Duration.ofHours(1))),
                        found(FailedFilter.all().withQueue("others").withError("rains"))))
                .containsExactly(9, 6, 3, 3, 6, 6, 1);
    }

    private int found(FailedFilter filter) {
        List<FailedTask> found = new ArrayList<>();
        failed.each(filter, found::add);
        return found.size();
    }

    @Test
    void manyAreRunAgainOrDroppedByAFilterPageByPage() {
        fail(COUNT, 450);
        assertThat(failed.retryAll(FailedFilter.all().withError("rains"))).isEqualTo(150);
        assertThat(waiting("numbers")).isEqualTo(150);
        assertThat(failed.count()).isEqualTo(300);
        assertThat(failed.dropAll(FailedFilter.all().withType("nothing"))).isZero();
        assertThat(failed.dropAll(FailedFilter.all())).isEqualTo(300);
        assertThat(failed.count()).isZero();
    }

    @Test
    void oneThatCannotBeRunAgainKeepsNoOtherFromIt() {
        fail(COUNT, 250);
        TaskBroker broker = node.transport().tasks().orElseThrow();
        QueueControl control = broker.control().orElseThrow();
        QueueControl refusing = (QueueControl) Proxy.newProxyInstance(
                QueueControl.class.getClassLoader(), new Class<?>[] {QueueControl.class}, (proxy, method, args) -> {
                    if (method.getName().equals("retry") && number((FailedTask) args[0]) == 200) {
                        return CompletableFuture.failedStage(new RefusedException("not this one"));
                    }
                    return method.isDefault()
                            ? InvocationHandler.invokeDefault(proxy, method, args)
                            : method.invoke(control, args);
                });
        FailedTasks some = new FailedTasks(broker.inspector(), refusing, node.transport(), Duration.ofSeconds(30));
        assertThat(some.retryAll(FailedFilter.all())).isEqualTo(249);
        assertThat(failed.page(0, 10)).extracting(FailedTasksTest::number).containsExactly(200);
    }

    @Test
    void whoCountsVeryManyIsWarned() throws ReflectiveOperationException {
        long[] count = {FailedTasks.MANY};
        TaskInspector many = (TaskInspector) Proxy.newProxyInstance(
                TaskInspector.class.getClassLoader(),
                new Class<?>[] {TaskInspector.class},
                (proxy, method, args) -> CompletableFuture.completedStage(Map.of("failed", count[0])));
        QueueControl control = node.transport().tasks().orElseThrow().control().orElseThrow();
        FailedTasks counted = new FailedTasks(many, control, node.transport(), Duration.ofSeconds(30));
        try (Logged logged = new Logged(FailedTasks.class.getName())) {
            assertThat(counted.count()).isEqualTo(100_000);
            assertThat(logged.lines("have failed")).isEmpty();
            count[0]++;
            assertThat(counted.count()).isEqualTo(100_001);
            assertThat(logged.lines("have failed"))
                    .singleElement()
                    .asString()
                    .endsWith(
                            "100001 tasks have failed and nothing removes them: retry or drop them, they fill the backend's"
                                    + " memory");
        }
    }

    @Test
    void aVisitMissesNothingWhileOthersRemoveSome() {
        fail(COUNT, 350);
        Set<Integer> seen = new HashSet<>();
        Set<Integer> removed = new HashSet<>();
        failed.each(FailedFilter.all(), task -> {
            if (seen.add(number(task)) && seen.size() % 10 == 0) {
                FailedTask oldest = failed.page(0, 1).get(0);
                removed.add(number(oldest));
                failed.drop(oldest);
            }
            return true;
        });
        seen.addAll(removed);
        assertThat(seen).hasSize(350);
        List<FailedTask> first = new ArrayList<>();
        failed.each(FailedFilter.all(), task -> {
            first.add(task);
            return first.size() < 5;
        });
        assertThat(first).hasSize(5);
        assertThat(number(first.get(0))).isEqualTo(349);
    }
}
