package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MemoTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final Memo memo = new Memo(now::get);

    private int get(String key) throws Exception {
        return memo.get(key, Duration.ofSeconds(2), asked::incrementAndGet);
    }

    @Test
    void theSameIsAskedOnceInAWhile() throws Exception {
        assertThat(List.of(get("a"), get("a"), get("b"), get("a"))).containsExactly(1, 1, 2, 1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(3));
        assertThat(get("a")).isEqualTo(3);
        memo.clear();
        assertThat(get("a")).isEqualTo(4);
    }

    @Test
    void whoComesMeanwhileWaitsForTheSameAnswer() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return memo.get("a", Duration.ofSeconds(2), () -> {
                                begun.countDown();
                                go.await();
                                return asked.incrementAndGet();
                            });
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task, "memo-test").start()));
        }
        begun.await();
        go.countDown();
        for (CompletableFuture<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(1);
        }
    }

    @Test
    void whatWasAskedBeforeAChangeIsNotShownAfterIt() throws Exception {
        int before = memo.get("a", Duration.ofSeconds(2), () -> {
            int read = asked.incrementAndGet();
            memo.clear();
            return read;
        });
        assertThat(before).isEqualTo(1);
        assertThat(get("a")).isEqualTo(2);
    }

    @Test
    void anErrorIsToldAndAskedAgain() throws Exception {
        assertThatThrownBy(() -> memo.get("a", Duration.ofSeconds(2), () -> {
                    throw new NoClassDefFoundError("gone");
                }))
                .isInstanceOf(NoClassDefFoundError.class);
        assertThat(get("a")).isEqualTo(1);
    }

    @Test
    void whatFailedIsAskedAgain() throws Exception {
        assertThatThrownBy(() -> memo.get("a", Duration.ofSeconds(2), () -> {
                    throw new IllegalStateException("down");
                }))
                .hasMessage("down");
        assertThat(get("a")).isEqualTo(1);
    }
}
