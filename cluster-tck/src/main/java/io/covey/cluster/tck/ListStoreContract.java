package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ListStore;
import io.covey.cluster.spi.ListStore.Bound;
import io.covey.cluster.spi.ListStore.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link ListStore} promises. */
public abstract class ListStoreContract extends TransportContract {
    private static final Bound FIVE = new Bound(OptionalLong.of(5), Optional.empty());
    private static final Bound SOON = new Bound(OptionalLong.empty(), Optional.of(Duration.ofMillis(700)));
    private static final Bound LATE = new Bound(OptionalLong.empty(), Optional.of(Duration.ofMinutes(10)));
    private static final Duration LONGER_THAN_SOON = Duration.ofMillis(800);

    private final AtomicLong seq = new AtomicLong();
    private ListStore lists;
    private ListStore elsewhere;

    @BeforeEach
    final void openLists() {
        lists = open().lists().orElseThrow();
        elsewhere = open().lists().orElseThrow();
    }

    @Test
    final void whatIsPushedAtTheEndIsPoppedFromTheHeadInOrder() {
        assertThat(push("a", "1")).isEqualTo(1);
        assertThat(push("a", "2", "3")).isEqualTo(3);
        assertThat(pop("a", 1, Side.HEAD)).containsExactly("1");
        assertThat(pop("a", 5, Side.HEAD)).containsExactly("2", "3");
        assertThat(pop("a", 5, Side.HEAD)).isEmpty();
    }

    @Test
    final void whatIsPushedAtTheHeadIsFirst() {
        push("a", "1");
        assertThat(on(lists.push(call("p"), "a", items("2", "3"), Side.HEAD, Bound.NONE)))
                .isEqualTo(3);
        assertThat(range("a", 0, 10)).containsExactly("3", "2", "1");
        assertThat(pop("a", 2, Side.END)).containsExactly("1", "2");
    }

    @Test
    final void aListThatWasNeverPushedToIsEmpty() {
        assertThat(on(lists.length("a"))).isZero();
        assertThat(range("a", 0, 10)).isEmpty();
        assertThat(range("a", -10, 10)).isEmpty();
        assertThat(pop("a", 3, Side.HEAD)).isEmpty();
        assertThat(on(lists.remove("a"))).isFalse();
    }

    @Test
    final void aRangeIsWhatIsThereOfIt() {
        push("a", "0", "1", "2", "3", "4");
        assertThat(range("a", 0, 2)).containsExactly("0", "1");
        assertThat(range("a", 1, 3)).containsExactly("1", "2", "3");
        assertThat(range("a", 4, 10)).containsExactly("4");
        assertThat(range("a", 5, 10)).isEmpty();
        assertThat(range("a", Long.MAX_VALUE, 10)).isEmpty();
        assertThat(range("a", -1, 1)).containsExactly("4");
        assertThat(range("a", -2, 10)).containsExactly("3", "4");
        assertThat(range("a", -4, 2)).containsExactly("1", "2");
        assertThat(range("a", -9, 9)).containsExactly("0", "1", "2", "3", "4");
        assertThat(range("a", -9, 5)).containsExactly("0");
        assertThat(range("a", -9, 3)).isEmpty();
        assertThat(on(lists.length("a"))).isEqualTo(5);
    }

    @Test
    final void whatIsTooMuchIsRemovedAtTheOtherSide() {
        on(lists.push(call("p"), "a", items("1", "2", "3", "4"), Side.END, FIVE));
        assertThat(on(lists.push(call("p"), "a", items("5", "6", "7"), Side.END, FIVE)))
                .isEqualTo(5);
        assertThat(range("a", 0, 10)).containsExactly("3", "4", "5", "6", "7");
        assertThat(on(lists.push(call("p"), "a", items("8"), Side.HEAD, FIVE))).isEqualTo(5);
        assertThat(range("a", 0, 10)).containsExactly("8", "3", "4", "5", "6");
        on(lists.push(call("p"), "b", items("1", "2", "3", "4", "5", "6", "7"), Side.END, FIVE));
        assertThat(range("b", 0, 10)).containsExactly("3", "4", "5", "6", "7");
    }

    @Test
    final void aBoundedListIsNeverSeenLongerThanItsBound() throws Exception {
        Race.of(2, number -> {
            for (int i = 0; i < 200; i++) {
                if (number == 0) {
                    on(lists.push(call("p"), "a", items("x"), Side.END, FIVE));
                } else {
                    assertThat(on(elsewhere.length("a"))).isLessThanOrEqualTo(5);
                }
            }
            return number;
        });
        assertThat(on(lists.length("a"))).isEqualTo(5);
    }

    @Test
    final void aRepeatedPushAddsOnceAndIsAnsweredAgain() {
        Call call = new Call("lane", 1);
        assertThat(on(lists.push(call, "a", items("1", "2"), Side.END, Bound.NONE)))
                .isEqualTo(2);
        push("a", "3");
        assertThat(on(elsewhere.push(call, "a", items("1", "2"), Side.END, Bound.NONE)))
                .isEqualTo(2);
        assertThat(range("a", 0, 10)).containsExactly("1", "2", "3");
    }

    @Test
    final void aRepeatedPopAnswersTheSameItemsAgain() {
        push("a", "1", "2", "3", "4");
        Call call = new Call("lane", 1);
        assertThat(texts(on(lists.pop(call, "a", 2, Side.HEAD)))).containsExactly("1", "2");
        assertThat(texts(on(elsewhere.pop(call, "a", 2, Side.HEAD)))).containsExactly("1", "2");
        assertThat(range("a", 0, 10)).containsExactly("3", "4");
        Call empty = new Call("lane", 2);
        assertThat(on(lists.pop(empty, "none", 2, Side.HEAD))).isEmpty();
        push("none", "x");
        assertThat(on(lists.pop(empty, "none", 2, Side.HEAD))).isEmpty();
        assertThat(range("none", 0, 10)).containsExactly("x");
    }

    @Test
    final void aLateCopyOfAnEarlierStepHasNoEffect() {
        on(lists.push(new Call("push", 1), "a", items("1"), Side.END, Bound.NONE));
        on(lists.push(new Call("push", 2), "a", items("2"), Side.END, Bound.NONE));
        on(lists.push(new Call("push", 1), "a", items("1"), Side.END, Bound.NONE));
        assertThat(range("a", 0, 10)).containsExactly("1", "2");
        on(lists.pop(new Call("pop", 1), "a", 1, Side.HEAD));
        on(lists.pop(new Call("pop", 2), "none", 1, Side.HEAD));
        on(lists.push(call("p"), "none", items("1", "2"), Side.END, Bound.NONE));
        on(lists.pop(new Call("pop", 3), "none", 1, Side.HEAD));
        on(lists.pop(new Call("pop", 2), "none", 1, Side.HEAD));
        assertThat(range("none", 0, 10)).containsExactly("2");
    }

    @Test
    final void aListEndsAfterItsTimeToLiveUnlessAPushGaveItAnother() {
        on(lists.push(call("p"), "ends", items("1"), Side.END, SOON));
        on(lists.push(call("p"), "ends", items("2"), Side.END, Bound.NONE));
        on(lists.push(call("p"), "late", items("1"), Side.END, SOON));
        on(lists.push(call("p"), "late", items("2"), Side.END, LATE));
        push("lasts", "1");
        backend().elapse(LONGER_THAN_SOON);
        assertThat(range("ends", 0, 10)).isEmpty();
        assertThat(on(lists.length("ends"))).isZero();
        assertThat(on(lists.remove("ends"))).isFalse();
        assertThat(range("late", 0, 10)).containsExactly("1", "2");
        assertThat(range("lasts", 0, 10)).containsExactly("1");
        assertThat(push("ends", "3")).isEqualTo(1);
    }

    @Test
    final void removeRemovesTheListAndNoNeighbour() {
        push("a", "1");
        push("ab", "1");
        assertThat(on(lists.remove("a"))).isTrue();
        assertThat(on(lists.remove("a"))).isFalse();
        assertThat(on(lists.length("a"))).isZero();
        assertThat(on(lists.length("ab"))).isEqualTo(1);
    }

    @Test
    final void itemsAreAnyBytesAndAsManyAsAllowed() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        List<byte[]> odd = List.of(new byte[0], all, new byte[1 << 20], "\r\n$-1\r\n".getBytes(UTF_8));
        on(lists.push(call("p"), "a", odd, Side.END, Bound.NONE));
        List<byte[]> read = on(elsewhere.range("a", 0, 10));
        assertThat(read).hasSize(odd.size());
        List<byte[]> popped = on(elsewhere.pop(call("q"), "a", 10, Side.HEAD));
        for (int i = 0; i < odd.size(); i++) {
            assertThat(read.get(i)).isEqualTo(odd.get(i));
            assertThat(popped.get(i)).isEqualTo(odd.get(i));
        }
        String[] most =
                IntStream.range(0, ListStore.MOST).mapToObj(i -> "i" + i).toArray(String[]::new);
        assertThat(push("b", most)).isEqualTo(ListStore.MOST);
        assertThat(pop("b", ListStore.MOST, Side.HEAD)).containsExactly(most);
    }

    @Test
    final void noneAndTooManyItemsAreRefused() {
        for (int count : new int[] {0, ListStore.MOST + 1}) {
            assertThatThrownBy(() -> on(
                            lists.push(call("p"), "a", Collections.nCopies(count, new byte[1]), Side.END, Bound.NONE)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("were " + count);
            assertThatThrownBy(() -> on(lists.pop(call("q"), "a", count, Side.HEAD)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("were " + count);
        }
        assertThat(on(lists.length("a"))).isZero();
    }

    @Test
    final void eightThreadsThatRepeatEveryStepPopEachItemOnce() throws Exception {
        int each = 40;
        List<List<String>> popped = Race.of(8, number -> {
            ListStore mine = number % 2 == 0 ? lists : elsewhere;
            List<String> got = new ArrayList<>();
            for (int i = 1; i <= each; i++) {
                Call step = new Call((number < 4 ? "push" : "pop") + number, i);
                for (int time = 0; time < 2; time++) {
                    if (number < 4) {
                        on(mine.push(step, "a", items(number + "." + i), Side.END, Bound.NONE));
                    } else {
                        List<String> items = texts(on(mine.pop(step, "a", 1, Side.HEAD)));
                        if (time == 1) {
                            got.addAll(items);
                        }
                    }
                }
            }
            return got;
        });
        List<String> all = Stream.concat(popped.stream().flatMap(List::stream), range("a", 0, 1000).stream())
                .toList();
        assertThat(all).hasSize(4 * each).doesNotHaveDuplicates();
    }

    @Test
    final void twoNamespacesSeeNothingOfEachOther() {
        ListStore other = openElsewhere().lists().orElseThrow();
        Call call = new Call("lane", 1);
        on(lists.push(call, "a", items("1"), Side.END, Bound.NONE));
        assertThat(on(other.length("a"))).isZero();
        assertThat(on(other.push(call, "a", items("2"), Side.END, Bound.NONE))).isEqualTo(1);
        assertThat(range("a", 0, 10)).containsExactly("1");
    }

    private Call call(String lane) {
        return new Call(lane, seq.incrementAndGet());
    }

    private long push(String list, String... items) {
        return on(lists.push(call("p"), list, items(items), Side.END, Bound.NONE));
    }

    private List<String> pop(String list, int most, Side side) {
        return texts(on(elsewhere.pop(call("q"), list, most, side)));
    }

    private List<String> range(String list, long from, int most) {
        return texts(on(elsewhere.range(list, from, most)));
    }

    private static List<byte[]> items(String... items) {
        return Arrays.stream(items).map(item -> item.getBytes(UTF_8)).toList();
    }

    private static List<String> texts(List<byte[]> items) {
        return items.stream().map(item -> new String(item, UTF_8)).toList();
    }
}
