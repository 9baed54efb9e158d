package io.covey.cluster.rpc.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SendingTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Sending sending = new Sending(Duration.ofSeconds(5), nanos::get);
    private final List<Duration> begun = new ArrayList<>();

    private CompletableFuture<Void> add(String id, CompletableFuture<?> delivery) {
        return sending.add(id, left -> {
            begun.add(left);
            return delivery;
        });
    }

    private static Reason reason(CompletableFuture<?> sent) {
        List<Reason> seen = new ArrayList<>();
        assertThat(sent)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(RpcException.class, e -> seen.add(e.reason()));
        return seen.get(0);
    }

    @Test
    void noMoreThanAThousandMessagesWaitForOneConnection() {
        CompletableFuture<Void> stuck = new CompletableFuture<>();
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i <= Sending.MOST_WAITING; i++) {
            sent.add(add("abc", stuck));
        }
        assertThat(reason(add("abc", stuck))).isEqualTo(Reason.BUSY);
        assertThat(add("other", CompletableFuture.completedFuture(null))).isCompleted();
        stuck.complete(null);
        assertThat(sent).allMatch(CompletableFuture::isDone);
        assertThat(add("abc", stuck)).isCompleted();
    }

    @Test
    void theTimeOfAMessageBeginsWhenItIsGivenToBeSent() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> second = new CompletableFuture<>();
        add("abc", first);
        CompletableFuture<Void> slow = add("abc", second);
        List<CompletableFuture<Void>> late = new ArrayList<>();
        for (int i = 0; i < Sending.MOST_WAITING - 2; i++) {
            late.add(add("abc", new CompletableFuture<>()));
        }
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        CompletableFuture<Void> last = add("abc", CompletableFuture.completedFuture(null));
        first.complete(null);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        second.completeExceptionally(new RpcException(Reason.NODE_LOST, "on purpose"));
        assertThat(reason(slow)).isEqualTo(Reason.NODE_LOST);
        assertThat(late).allMatch(sent -> reason(sent) == Reason.TIMEOUT);
        assertThat(last).isCompleted();
        assertThat(begun).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(3));
    }

    @Test
    void aMessageThatCannotBeWrittenHoldsUpNoOther() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> unwritten = sending.add("abc", left -> {
            throw new StackOverflowError("on purpose");
        });
        assertThat(unwritten).isCompletedExceptionally();
        add("abc", first);
        CompletableFuture<Void> between = sending.add("abc", left -> {
            throw new StackOverflowError("on purpose");
        });
        CompletableFuture<Void> last = add("abc", CompletableFuture.completedFuture(null));
        first.complete(null);
        assertThat(between).isCompletedExceptionally();
        assertThat(last).isCompleted();
    }
}
