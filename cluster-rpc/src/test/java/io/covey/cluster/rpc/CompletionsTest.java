package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompletionsTest {
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private final Completions completions = new Completions(this::thread);

    private Thread thread(Runnable task) {
        if (full.get()) {
            throw new OutOfMemoryError("unable to create native thread (on purpose)");
        }
        Thread thread = new Thread(task, "completion-of-a-test-" + threads.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    @Test
    void howeverManyBlockTheThreadsAreBounded() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(400);
        for (int i = 0; i < 400; i++) {
            completions.execute(() -> {
                await(end);
                ended.countDown();
            });
        }
        for (int i = 0; i < 5_000; i++) {
            completions.tick(i);
        }
        assertThat(threads).hasValueLessThanOrEqualTo(256);
        end.countDown();
        await(ended);
        completions.close();
    }

    @Test
    void whatNoThreadCanBeHadForRunsWhenThereIsOneAgain() {
        full.set(true);
        CountDownLatch ended = new CountDownLatch(1);
        assertThatCode(() -> completions.execute(ended::countDown)).doesNotThrowAnyException();
        assertThatThrownBy(() -> completions.tick(0)).isInstanceOf(OutOfMemoryError.class);
        full.set(false);
        completions.tick(1);
        await(ended);
        completions.close();
    }

    @Test
    void whatWaitsWhenItClosesIsNotHeldUpByWhatBlocks() {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(3);
        completions.execute(() -> await(end));
        for (int i = 0; i < 3; i++) {
            completions.execute(ended::countDown);
        }
        completions.close();
        await(ended);
        end.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Nodes.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
