package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the code of an application throws, and wherever: the task ends, and the worker goes on. */
class UserErrorsTest {
    private static final int BAD = 13;
    private static final int GOOD = 1;
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers").retry(RetryPolicy.never());

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final TaskQueue tasks = TaskQueue.on(node);

    @AfterEach
    void close() {
        fleet.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "cause", "backtrace"})
    void anExceptionThatCannotTellOfItselfIsAFailureLikeAnother(String part) {
        Worker worker = worker(COUNT, (number, task) -> {
            if (number == BAD) {
                throw new Mute(part);
            }
        });
        tasks.enqueueAll(COUNT, List.of(BAD, GOOD));
        await().until(() -> worker.stats().processed() == 1);
        assertThat(worker.stats().failed()).isEqualTo(1);
        assertThat(tasks.inspect().failed(0, 10))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failure().exception()).isEqualTo(Mute.class.getName()));
    }

    @Test
    void anErrorInWhatNamesTasksAlikeStopsNoWorker() {
        AtomicBoolean broken = new AtomicBoolean();
        TaskType<Integer> type = COUNT.uniqueUntilDone(
                number -> {
                    if (number == BAD && broken.get()) {
                        throw new NoClassDefFoundError("gone");
                    }
                    return "n" + number;
                },
                Duration.ofMinutes(1));
        tasks.enqueueAll(type, List.of(BAD, GOOD));
        broken.set(true);
        Worker worker = worker(type, (number, task) -> {});
        await().until(() -> worker.stats().processed() == 2);
    }

    @Test
    void anErrorOfAListenerStopsNoWorker() {
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .listener(new Broken())
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    if (number == BAD) {
                        throw new IOException("no");
                    }
                }))
                .start();
        tasks.enqueueAll(COUNT, List.of(BAD, GOOD));
        await().until(() -> worker.stats().processed() == 1);
        assertThat(worker.stats().failed()).isEqualTo(1);
        tasks.enqueueAt(COUNT, GOOD, fleet.now().plusSeconds(5));
        fleet.elapse(Duration.ofSeconds(5));
        await().until(() -> worker.stats().processed() == 2);
        tasks.enqueueAt(COUNT, GOOD, fleet.now().plusSeconds(5));
        fleet.elapse(Duration.ofSeconds(5));
        await().until(() -> worker.stats().processed() == 3);
    }

    private Worker worker(TaskType<Integer> type, TaskHandler<Integer> handler) {
        return Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(type, handler))
                .start();
    }

    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String part;

        Mute(String part) {
            this.part = part;
        }

        @Override
        public String getMessage() {
            return part.equals("message") ? endless(0) : "said";
        }

        @Override
        public synchronized Throwable getCause() {
            if ("cause".equals(part)) {
                throw new IllegalStateException("no cause");
            }
            return null;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            if (part.equals("backtrace")) {
                throw new IllegalStateException("no backtrace");
            }
            return super.getStackTrace();
        }

        private static String endless(int depth) {
            return endless(depth + 1) + depth;
        }
    }

    private static final class Broken implements WorkerListener {
        @Override
        public void on(WorkerEvent event) {
            throw new NoClassDefFoundError("gone");
        }

        @Override
        public void ran(List<Ran> runs) {
            throw new NoClassDefFoundError("gone");
        }

        @Override
        public boolean isQuick() {
            return true;
        }
    }
}
