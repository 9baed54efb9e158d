package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What enqueueing promises. */
abstract class EnqueueContract extends TaskContract {

    @Test
    final void tasksAreClaimedInTheOrderInWhichTheyWereEnqueued() {
        producer.enqueue(Q, "a", "b", "c");
        producer.enqueue(Q, "d");
        assertThat(types(bob.claim(Q, 2))).containsExactly("a", "b");
        assertThat(types(ada.claim(Q, 5))).containsExactly("c", "d");
        assertThat(ada.claim(Q, 5)).isEmpty();
    }

    @Test
    final void aRepeatedEnqueueIsAnsweredAgainAndAddsNothing() {
        Call call = new Call("lane", 1);
        List<NewTask> tasks = List.of(Producer.task("a"), Producer.named("b", "id"), Producer.task("c"));
        Enqueued first = on(broker.enqueue(Q, call, tasks));
        Enqueued again = on(elsewhere.enqueue(Q, call, tasks));
        assertThat(first.status()).isEqualTo(Status.OK);
        assertThat(again.status()).isEqualTo(Status.REPLAY);
        assertThat(again.receipts()).isEqualTo(first.receipts());
        assertThat(again.accepted()).isEqualTo(first.accepted()).containsExactly(true, true, true);
        assertThat(types(ada.claim(Q, 10))).containsExactly("a", "b", "c");
        assertThat(on(broker.enqueue(Q, call, tasks)).status()).isEqualTo(Status.REPLAY);
        assertThat(ada.claim(Q, 10)).isEmpty();
    }

    @Test
    final void aLateCopyOfAnEarlierEnqueueIsStaleAndAddsNothing() {
        on(broker.enqueue(Q, new Call("lane", 1), List.of(Producer.task("a"))));
        on(broker.enqueue(Q, new Call("lane", 2), List.of(Producer.task("b"))));
        Enqueued late = on(elsewhere.enqueue(Q, new Call("lane", 1), List.of(Producer.task("a"))));
        assertThat(late.status()).isEqualTo(Status.STALE);
        assertThat(types(ada.claim(Q, 10))).containsExactly("a", "b");
    }

    @Test
    final void anUnknownLaneThatDoesNotBeginIsUnknownAndAddsNothing() {
        Enqueued answer = on(broker.enqueue(Q, new Call("lane", 2), List.of(Producer.named("a", "id"))));
        assertThat(answer.status()).isEqualTo(Status.UNKNOWN);
        assertThat(ada.claim(Q, 10)).isEmpty();
        assertThat(producer.enqueue(Q, List.of(Producer.named("a", "id"))).accepted())
                .containsExactly(true);
    }

    @Test
    final void lanesOfOneNameCountForEachQueueByItself() {
        for (String queue : List.of("one", "two")) {
            Enqueued answer = on(broker.enqueue(queue, new Call("lane", 1), List.of(Producer.task(queue))));
            assertThat(answer.status()).isEqualTo(Status.OK);
        }
        assertThat(types(ada.claim("two", 10))).containsExactly("two");
        assertThat(types(ada.claim("one", 10))).containsExactly("one");
    }

    @Test
    final void aTaskOfAKnownIdIsNotAddedAgain() {
        List<NewTask> tasks = List.of(Producer.named("a", "id1"), Producer.named("b", "id1"), Producer.task("c"));
        Enqueued first = producer.enqueue(Q, tasks);
        assertThat(first.accepted()).containsExactly(true, false, true);
        assertThat(first.receipts().subList(0, 2)).containsExactly("id1", "id1");
        Enqueued second = on(elsewhere.enqueue(
                Q, new Call("other", 1), List.of(Producer.named("d", "id1"), Producer.named("e", "id2"))));
        assertThat(second.status()).isEqualTo(Status.OK);
        assertThat(second.accepted()).containsExactly(false, true);
        assertThat(types(ada.claim(Q, 10))).containsExactly("a", "c", "e");
    }

    @Test
    final void anIdStaysKnownWhenItsTaskIsDone() {
        producer.enqueue(Q, List.of(Producer.named("a", "id")));
        ada.settle(ada.claimOne(Q), DONE);
        assertThat(producer.enqueue(Q, List.of(Producer.named("a", "id"))).accepted())
                .containsExactly(false);
        assertThat(ada.claim(Q, 10)).isEmpty();
    }

    @Test
    final void everyTaskHasAReceiptOfItsOwn() {
        List<String> receipts = new ArrayList<>();
        List<NewTask> same = Collections.nCopies(20, Producer.task("a"));
        receipts.addAll(producer.enqueue(Q, same).receipts());
        receipts.addAll(producer.enqueue(Q, same).receipts());
        receipts.addAll(on(broker.enqueue(Q, new Call("other", 1), same)).receipts());
        assertThat(new HashSet<>(receipts)).hasSize(60);
    }

    @Test
    final void typeAndArgumentsAreHandedOutAsTheyWereGiven() {
        List<String> args = List.of(
                "[]",
                "[[]]",
                "[{}]",
                "[{\"a\":{}},[]]",
                "[9007199254740993,-0,1e400,0.1]",
                "[\"\\u0000\\n\\\"\\\\/\"]",
                "[\"日本 💾 é\"]",
                "[null,true,false]",
                "[\"'); redis.call('FLUSHALL')--\"]",
                "[\"" + "x".repeat(1 << 20) + "\"]",
                "[" + "[".repeat(200) + "]".repeat(200) + "]");
        List<String> types = List.of("t", "a.b.C", "x".repeat(128), "a:b", "A-b_9");
        List<NewTask> tasks = Stream.concat(
                        args.stream().map(json -> task("t", json)),
                        types.stream().map(type -> task(type, "[1]")))
                .toList();
        producer.enqueue(Q, tasks);
        List<Lease> leases = bob.claim(Q, 50);
        assertThat(leases).hasSameSizeAs(tasks);
        for (int i = 0; i < tasks.size(); i++) {
            Readable content = (Readable) leases.get(i).content();
            assertThat(content.type()).isEqualTo(tasks.get(i).type());
            assertThat(new String(content.args(), UTF_8))
                    .isEqualTo(new String(tasks.get(i).args(), UTF_8));
        }
    }

    @Test
    final void twoHundredTasksAreOneCallAndMoreAreRefusedWhole() {
        List<NewTask> most = new ArrayList<>(
                Producer.types(TaskBroker.MOST).stream().map(Producer::task).toList());
        producer.enqueue(Q, most);
        assertThat(types(ada.claim(Q, TaskBroker.MOST))).isEqualTo(Producer.types(TaskBroker.MOST));
        most.add(Producer.task("one-too-many"));
        assertThatThrownBy(() -> on(broker.enqueue(Q, new Call("other", 1), most)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(bob.claim(Q, 1)).isEmpty();
    }

    @Test
    final void eightProducersAtOnceLoseNothingThoughTheyRepeatEveryCall() throws Exception {
        Race.of(8, number -> {
            TaskBroker mine = number % 2 == 0 ? broker : elsewhere;
            for (int seq = 1; seq <= 10; seq++) {
                List<NewTask> tasks =
                        List.of(Producer.task(number + "." + seq + ".a"), Producer.task(number + "." + seq));
                on(mine.enqueue(Q, new Call("lane" + number, seq), tasks));
                on(mine.enqueue(Q, new Call("lane" + number, seq), tasks));
            }
            return number;
        });
        List<String> claimed = types(ada.claim(Q, 200));
        assertThat(claimed).hasSize(160).doesNotHaveDuplicates();
        for (int number = 0; number < 8; number++) {
            String mine = number + ".";
            assertThat(claimed.stream().filter(type -> type.startsWith(mine) && !type.endsWith("a")))
                    .containsExactlyElementsOf(Stream.iterate(1, i -> i + 1)
                            .limit(10)
                            .map(i -> mine + i)
                            .toList());
        }
    }

    @Test
    final void aDelayedTaskIsNotReadyBeforeItIsDue() {
        Instant now = on(transport.time());
        producer.enqueue(Q, List.of(Producer.due("later", now.plus(Duration.ofHours(1))), Producer.task("now")));
        assertThat(upkeep()).isEmpty();
        assertThat(types(ada.claim(Q, 10))).containsExactly("now");
        assertThat(on(broker.inspector().totals())).containsEntry("delayed", 1L);
        assertThat(info(Q).waiting()).isZero();
    }

    @Test
    final void upkeepMakesDelayedTasksReadyWhenTheyAreDue() {
        Instant now = on(transport.time());
        producer.enqueue(
                Q,
                List.of(
                        Producer.due("soon", now.plusMillis(300)),
                        Producer.due("sooner", now.minusSeconds(60)),
                        Producer.due("later", now.plus(Duration.ofHours(1)))));
        backend().elapse(Duration.ofMillis(1500));
        List<TaskEvent> events = new ArrayList<>();
        List<String> claimed = new ArrayList<>();
        eventually().until(() -> {
            events.addAll(upkeep());
            claimed.addAll(types(ada.claim(Q, 10)));
            return claimed.size() >= 2;
        });
        assertThat(claimed).containsExactlyInAnyOrder("soon", "sooner");
        assertThat(events).anySatisfy(event -> {
            assertThat(event.kind()).isEqualTo(TaskEvent.Kind.PROMOTED);
            assertThat(event.queue()).isEqualTo(Q);
        });
        assertThat(on(broker.inspector().totals())).containsEntry("delayed", 1L);
    }

    @Test
    final void delayedTasksOfAKnownIdAreNotAddedAgainAndARepeatAddsNone() {
        Instant later = on(transport.time()).plus(Duration.ofHours(1));
        List<NewTask> tasks = List.of(
                new NewTask("a", "[]".getBytes(UTF_8), Optional.of("id"), Optional.of(later)),
                Producer.due("b", later));
        Call call = new Call("lane", 1);
        assertThat(on(broker.enqueue(Q, call, tasks)).accepted()).containsExactly(true, true);
        assertThat(on(elsewhere.enqueue(Q, call, tasks)).status()).isEqualTo(Status.REPLAY);
        assertThat(on(broker.enqueue(Q, new Call("lane", 2), tasks)).accepted()).containsExactly(false, true);
        assertThat(on(broker.inspector().totals())).containsEntry("delayed", 3L);
    }

    private static NewTask task(String type, String args) {
        return new NewTask(type, args.getBytes(UTF_8), Optional.empty(), Optional.empty());
    }
}
