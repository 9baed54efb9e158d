package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.SharedList;
import io.covey.cluster.TransportException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedListTest {
    private final Nodes nodes = new Nodes();

    record Point(int x, int y) {}

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void whatOneNodePushesAnotherPops() {
        SharedList<Point> here = nodes.join("one").list("points", Point.class);
        SharedList<Point> there = nodes.join("two").list("points", Point.class);
        assertThat(here.push(new Point(1, 2))).isEqualTo(1);
        assertThat(here.pushAll(List.of(new Point(3, 4), new Point(5, 6)))).isEqualTo(3);
        assertThat(here.pushFirst(new Point(0, 0))).isEqualTo(4);
        assertThat(there.range(1, 2)).containsExactly(new Point(1, 2), new Point(3, 4));
        assertThat(there.last(2)).containsExactly(new Point(3, 4), new Point(5, 6));
        assertThat(there.pop()).contains(new Point(0, 0));
        assertThat(there.popLast()).contains(new Point(5, 6));
        assertThat(there.pop(10)).containsExactly(new Point(1, 2), new Point(3, 4));
        assertThat(there.pop()).isEmpty();
        assertThat(here.pushAll(List.of())).isZero();
        assertThat(here.clear()).isFalse();
        assertThat(here.name()).isEqualTo("points");
    }

    @Test
    void aViewKeepsTheNewest() {
        SharedList<String> list = nodes.join("one").list("recent", String.class);
        SharedList<String> recent = list.keeping(3).expiringAfter(Duration.ofMinutes(1));
        for (int i = 0; i < 10; i++) {
            assertThat(recent.push("n" + i)).isLessThanOrEqualTo(3);
        }
        assertThat(list.range(0, 10)).containsExactly("n7", "n8", "n9");
        assertThat(list.push("n10")).isEqualTo(4);
        assertThat(recent.pushFirst("first")).isEqualTo(3);
        assertThat(list.range(0, 10)).containsExactly("first", "n7", "n8");
        assertThat(list.size()).isEqualTo(3);
        assertThat(list.clear()).isTrue();
    }

    @Test
    void aPushWhoseAnswerWasLostAddsOnce() {
        Cluster node = nodes.join("one");
        SharedList<String> list = node.list("a", String.class);
        loseTheNextAnswer(node);
        assertThat(list.push("x")).isEqualTo(1);
        assertThat(list.push("y")).isEqualTo(2);
        assertThat(list.range(0, 10)).containsExactly("x", "y");
    }

    @Test
    void aPopWhoseAnswerWasLostLosesNoItem() {
        Cluster node = nodes.join("one");
        SharedList<String> list = node.list("a", String.class);
        list.pushAll(List.of("x", "y", "z"));
        loseTheNextAnswer(node);
        assertThat(list.pop(2)).containsExactly("x", "y");
        assertThat(list.pop()).contains("z");
    }

    @Test
    void aPushWithoutAnyAnswerSaysThatItIsNotKnown() {
        Cluster node = nodes.join("one");
        SharedList<String> list = node.list("a", String.class);
        list.push("before");
        nodes.wire(node).become(Wire.State.CUT);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> list.push("x"))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("push to list a")
                .hasMessageContaining("not known");
        assertThat(Thread.interrupted()).isTrue();
        nodes.wire(node).become(Wire.State.WHOLE);
        list.push("y");
        assertThat(list.range(0, 10)).containsExactly("before", "y");
    }

    @Test
    void threadsPopEachItemOnce() throws Exception {
        SharedList<String> list = nodes.join("one").list("a", String.class);
        int threads = 4;
        int each = 200;
        Set<String> popped = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(threads);
        for (int n = 0; n < threads; n++) {
            int number = n;
            new Thread(() -> {
                        for (int i = 0; i < each; i++) {
                            list.push(number + "." + i);
                            list.pop().filter(item -> !popped.add(item)).ifPresent(item -> twice.incrementAndGet());
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        assertThat(popped).hasSize(threads * each);
        assertThat(twice).hasValue(0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Cluster node = nodes.join("one");
        SharedList<String> list = node.list("a", String.class);
        assertThatThrownBy(() -> list.push(null)).hasMessage("List a: item 0 is null; nothing was pushed");
        assertThatThrownBy(() -> list.pushAll(List.of("x", "y".repeat(1001))))
                .hasMessageContainingAll("List a", "item 1", "1001 bytes", "1000");
        assertThatThrownBy(() -> list.pushAll(Collections.nCopies(1001, "x"))).hasMessageContaining("were 1001");
        assertThatThrownBy(() -> list.pop(0)).hasMessageContaining("were 0");
        assertThatThrownBy(() -> list.last(1001)).hasMessageContaining("were 1001");
        assertThatThrownBy(() -> list.range(-1, 1)).hasMessageContaining("was -1");
        assertThatThrownBy(() -> list.keeping(0)).hasMessageContaining("was 0");
        assertThatThrownBy(() -> list.expiringAfter(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> list.expiringAfter(Duration.ofDays(4000))).hasMessageContaining("10 years");
        assertThatThrownBy(() -> node.list("a b", String.class)).hasMessageContaining("list name");
        assertThat(list.size()).isZero();
    }

    @Test
    void anItemThatCannotBeReadNamesListAndCodec() {
        Cluster node = nodes.join("one");
        node.list("a", String.class).push("no json");
        assertThatThrownBy(() -> node.list("a", Point.class).range(0, 1))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("List a", "json:Point");
    }

    private void loseTheNextAnswer(Cluster node) {
        Wire wire = nodes.wire(node);
        wire.become(Wire.State.DEAF);
        wire.tap(method -> wire.become(Wire.State.WHOLE));
    }
}
