package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What adding to several queues in one step promises. */
public abstract class EnqueueAllContract extends FeatureContract {

    /**
     * Whether the backend can add to any two queues in one step.
     *
     * @return false if it refuses that
     */
    protected boolean addsToSeveralQueuesAtOnce() {
        return true;
    }

    @Test
    final void tasksOfSeveralQueuesAreAddedTogetherAndARepeatAddsNothing() {
        assumeSeveral();
        Call call = new Call("together", 1);
        List<Batch> batches = List.of(
                new Batch(Q, Draft.tasks(Draft.of("a"), Draft.of("b").id("x"))),
                new Batch(OWN, Draft.tasks(Draft.of("c").key("k").headers(Map.of("h", "v")))),
                new Batch("third", Draft.tasks(Draft.of("d"))));
        List<Enqueued> first = on(broker.enqueueAll(call, batches));
        List<Enqueued> again = on(elsewhere.enqueueAll(call, batches));
        assertThat(first).hasSize(3).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(Status.OK);
            assertThat(answer.accepted()).doesNotContain(false);
        });
        assertThat(first.get(0).receipts()).hasSize(2).last().isEqualTo("x");
        for (int i = 0; i < 3; i++) {
            assertThat(again.get(i).status()).isEqualTo(Status.REPLAY);
            assertThat(again.get(i).receipts()).isEqualTo(first.get(i).receipts());
            assertThat(again.get(i).accepted()).isEqualTo(first.get(i).accepted());
        }
        assertThat(types(ada.claim(Q, 10))).containsExactly("a", "b");
        assertThat(types(ada.claim("third", 10))).containsExactly("d");
        var own = ada.claim(OWN, 10);
        assertThat(types(own)).containsExactly("c");
        assertThat(readable(own.get(0)).id()).contains(first.get(1).receipts().get(0));
        assertThat(readable(own.get(0)).headers()).containsEntry("h", "v");
    }

    @Test
    final void aStepBelongsToTheLaneOfTheFirstQueue() {
        assumeSeveral();
        List<Batch> batches = List.of(new Batch("one", Draft.tasks(Draft.of("a"))), batch("two", "b"));
        on(broker.enqueueAll(new Call("together", 1), batches));
        assertThat(statuses(on(broker.enqueueAll(new Call("together", 2), batches))))
                .containsOnly(Status.OK);
        assertThat(statuses(on(elsewhere.enqueueAll(new Call("together", 1), batches))))
                .containsOnly(Status.STALE);
        assertThat(statuses(on(broker.enqueueAll(new Call("other", 2), batches))))
                .containsOnly(Status.UNKNOWN);
        List<Batch> turned = List.of(batch("two", "c"), batch("one", "d"));
        assertThat(statuses(on(broker.enqueueAll(new Call("together", 1), turned))))
                .containsOnly(Status.OK);
        assertThat(types(ada.claim("one", 10))).containsExactly("a", "a", "d");
        assertThat(types(ada.claim("two", 10))).containsExactly("b", "b", "c");
    }

    @Test
    final void aStepOfSeveralQueuesCountsWithThoseOfTheFirstQueueAlone() {
        assumeSeveral();
        List<Batch> batches = List.of(batch("one", "a"), batch("two", "b"));
        assertThat(statuses(on(broker.enqueueAll(new Call("lane", 1), batches))))
                .containsOnly(Status.OK);
        assertThat(on(broker.enqueue("one", new Call("lane", 2), Draft.tasks(Draft.of("c"))))
                        .status())
                .isEqualTo(Status.OK);
        assertThat(statuses(on(elsewhere.enqueueAll(new Call("lane", 1), batches))))
                .containsOnly(Status.STALE);
    }

    @Test
    final void lanesOfOneNameInSeveralQueuesGiveEachTaskAnIdOfItsOwn() {
        assumeSeveral();
        List<String> receipts = new ArrayList<>();
        Draft keyed = Draft.of("b").key("k");
        Batch own = new Batch(OWN, Draft.tasks(keyed, keyed));
        on(broker.enqueueAll(new Call("lane", 1), List.of(batch("one", "a"), own)))
                .forEach(answer -> receipts.addAll(answer.receipts()));
        on(broker.enqueueAll(new Call("lane", 1), List.of(batch("two", "a"), own)))
                .forEach(answer -> receipts.addAll(answer.receipts()));
        receipts.addAll(on(broker.enqueue(OWN, new Call("lane", 1), Draft.tasks(keyed, keyed, keyed)))
                .receipts());
        assertThat(receipts).hasSize(9).doesNotHaveDuplicates();
        assertThat(info(OWN).waiting()).isEqualTo(7);
        assertThat(ada.claim(OWN, 20)).hasSize(7);
    }

    @Test
    final void ifOneQueueRefusesNoneHasAnything() {
        Call call = new Call("together", 1);
        List<Batch> refused = List.of(
                batch("one", "a"),
                new Batch("two", Draft.tasks(Draft.of("b"), Draft.of("c").headers(Map.of("h", "v")))));
        refused(() -> broker.enqueueAll(call, refused), "two");
        assertThat(ada.claim("one", 10)).isEmpty();
        assertThat(ada.claim("two", 10)).isEmpty();
        if (addsToSeveralQueuesAtOnce()) {
            List<Batch> better = List.of(batch("one", "a"), batch("two", "b"));
            assertThat(statuses(on(broker.enqueueAll(call, better)))).containsOnly(Status.OK);
        }
    }

    @Test
    final void queuesThatCannotBeFilledInOneStepAreNamedAndStayEmpty() {
        if (addsToSeveralQueuesAtOnce()) {
            return;
        }
        List<Batch> batches = List.of(batch("one", "a"), batch("two", "b"));
        refused(() -> broker.enqueueAll(new Call("together", 1), batches), "one", "two");
        assertThat(ada.claim("one", 10)).isEmpty();
        assertThat(ada.claim("two", 10)).isEmpty();
    }

    @Test
    final void oneQueueAloneIsFilledByAnyBackend() {
        Call call = new Call("together", 1);
        List<Batch> batches = List.of(batch(Q, "a", "b"));
        assertThat(statuses(on(broker.enqueueAll(call, batches)))).containsExactly(Status.OK);
        assertThat(statuses(on(elsewhere.enqueueAll(call, batches)))).containsExactly(Status.REPLAY);
        assertThat(types(ada.claim(Q, 10))).containsExactly("a", "b");
    }

    @Test
    final void knownIdsAndTasksAlikeAreLeftOutAndTheOthersAdded() {
        assumeSeveral();
        receipt("one", Draft.of("a").id("x"));
        receipt("two", Draft.of("u").unique(Until.DONE));
        List<Enqueued> answers = on(broker.enqueueAll(
                newLane(),
                List.of(
                        new Batch("one", Draft.tasks(Draft.of("b").id("x"), Draft.of("c"))),
                        new Batch(
                                "two", Draft.tasks(Draft.of("d"), Draft.of("u").unique(Until.DONE))))));
        assertThat(answers.get(0).accepted()).containsExactly(false, true);
        assertThat(answers.get(1).accepted()).containsExactly(true, false);
        assertThat(types(ada.claim("one", 10))).containsExactly("a", "c");
        assertThat(types(ada.claim("two", 10))).containsExactly("u", "d");
    }

    @Test
    final void delayedTasksAreAddedWithTheOthers() {
        assumeSeveral();
        Instant later = on(transport.time()).plus(LONG);
        List<Batch> batches = List.of(
                new Batch(Q, Draft.tasks(Draft.of("a"), Draft.of("later").due(later))),
                new Batch(OWN, Draft.tasks(Draft.of("b").due(later))));
        Call call = newLane();
        on(broker.enqueueAll(call, batches));
        on(elsewhere.enqueueAll(call, batches));
        assertThat(types(ada.claim(Q, 10))).containsExactly("a");
        assertThat(ada.claim(OWN, 10)).isEmpty();
        assertThat(delayed()).isEqualTo(2);
    }

    @Test
    final void aQueueTwiceOrMoreThanTwoHundredTasksAreRefused() {
        assumeSeveral();
        illegal(() -> broker.enqueueAll(newLane(), List.of(batch("one", "a"), batch("one", "b"))));
        List<Batch> many = List.of(
                new Batch(
                        "one", Producer.types(150).stream().map(Producer::task).toList()),
                new Batch("two", Producer.types(51).stream().map(Producer::task).toList()));
        illegal(() -> broker.enqueueAll(newLane(), many));
        assertThat(ada.claim("one", 10)).isEmpty();
        assertThat(ada.claim("two", 10)).isEmpty();
    }

    @Test
    final void manyWhoAddTogetherAndRepeatEveryCallLoseNothing() throws Exception {
        assumeSeveral();
        Race.of(6, number -> {
            TaskBroker mine = number % 2 == 0 ? broker : elsewhere;
            for (int seq = 1; seq <= 10; seq++) {
                Call call = new Call("lane" + number, seq);
                String type = number + "." + seq;
                List<Batch> batches = number < 3
                        ? List.of(batch("one", type), batch("two", type))
                        : List.of(batch("two", type), batch("one", type));
                on(mine.enqueueAll(call, batches));
                on(mine.enqueueAll(call, batches));
            }
            return number;
        });
        for (String queue : List.of("one", "two")) {
            assertThat(types(ada.claim(queue, 200))).hasSize(60).doesNotHaveDuplicates();
        }
    }

    private void assumeSeveral() {
        Skip.unless(
                addsToSeveralQueuesAtOnce(),
                "adding to several queues in one step",
                "this transport adds to one queue at a time");
    }

    private static Batch batch(String queue, String... types) {
        return new Batch(queue, Arrays.stream(types).map(Producer::task).toList());
    }

    private static List<Status> statuses(List<Enqueued> answers) {
        return answers.stream().map(Enqueued::status).toList();
    }
}
