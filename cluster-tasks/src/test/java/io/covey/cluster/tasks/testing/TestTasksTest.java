package io.covey.cluster.tasks.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskHandler;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestTasksTest {

    record Mail(String to, String text) {}

    record Order(String item, String mail) {}

    private static final TaskType<Mail> MAIL = TaskType.of("mail", Mail.class).on("mails");
    private static final TaskType<Order> ORDER =
            TaskType.of("order", Order.class).on("orders");

    private final TestTasks test = TestTasks.start();
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        test.close();
    }

    /** An application as it would be under test: it gets a cluster and knows nothing of the test. */
    private static final class Shop {
        private final TaskQueue tasks;

        Shop(Cluster cluster) {
            this.tasks = TaskQueue.on(cluster);
        }

        void order(String item, String mail) {
            tasks.enqueue(ORDER, new Order(item, mail));
        }

        TaskHandlers handlers(List<String> sent) {
            return handlers -> {
                handlers.handle(ORDER, (order, task) -> {
                    if (order.item().equals("bomb")) {
                        throw new IllegalArgumentException("not sold here");
                    }
                    if (order.item().equals("lava")) {
                        throw new IOException("it melts");
                    }
                    tasks.enqueue(MAIL, new Mail(order.mail(), "thanks for the " + order.item()));
                    task.result("ordered " + order.item());
                });
                handlers.handle(MAIL, (mail, task) -> sent.add(mail.to() + ": " + mail.text()));
            };
        }
    }

    @Test
    void whatWasEnqueuedIsKnown() {
        Shop shop = new Shop(test.cluster());
        test.assertNotEnqueued(ORDER);
        shop.order("book", "ada");
        shop.order("pen", "bob");
        assertThat(test.assertEnqueued(ORDER, order -> order.mail().equals("ada")))
                .isEqualTo(new Order("book", "ada"));
        assertThat(test.assertEnqueued(ORDER)).isEqualTo(new Order("pen", "bob"));
        assertThat(test.enqueued(ORDER)).hasSize(2);
        assertThat(test.enqueued()).extracting(NewTask::queue).containsExactly("orders", "orders");
        assertThatThrownBy(
                        () -> test.assertEnqueued(ORDER, order -> order.item().equals("car")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("order on orders", "book", "pen");
        assertThatThrownBy(() -> test.assertNotEnqueued(ORDER))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("book");
        test.forget();
        test.assertNotEnqueued(ORDER);
    }

    @Test
    void aDuplicateIsNotCounted() {
        TaskQueue tasks = TaskQueue.on(test.cluster());
        EnqueueOptions once = EnqueueOptions.none().withId("1");
        tasks.enqueueAll(
                List.of(new NewTask<>(MAIL, new Mail("a", ""), once), new NewTask<>(MAIL, new Mail("a", ""), once)));
        assertThat(test.enqueued(MAIL)).hasSize(1);
    }

    @Test
    void inlineRunsOnTheCallersThreadAndExceptionsComeThrough() {
        Shop shop = new Shop(test.cluster());
        test.inline(shop.handlers(sent));
        shop.order("book", "ada");
        assertThat(sent).containsExactly("ada: thanks for the book");
        test.assertEnqueued(MAIL);
        assertThatThrownBy(() -> shop.order("bomb", "bob"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not sold here");
        assertThatThrownBy(() -> shop.order("lava", "bob"))
                .isInstanceOf(ClusterException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContainingAll("order on orders", "it melts");
        TaskQueue tasks = TaskQueue.on(test.cluster());
        assertThatThrownBy(() -> tasks.enqueue(TaskType.raw("bogus"), "[]")).hasMessageContaining("bogus");
        Enqueued order = tasks.enqueueIn(ORDER, new Order("pen", "eve"), Duration.ofDays(1));
        assertThat(sent).hasSize(2);
        assertThat(tasks.results().get(order, String.class)).contains("ordered pen");
        assertThat(tasks.inspect().queues()).allMatch(queue -> queue.waiting() == 0);
    }

    @Test
    void inlineRefusesWhatTheQueueWouldRefuse() {
        TaskQueue tasks = TaskQueue.on(test.cluster());
        TaskType<String> text = TaskType.of("text", String.class).on("mails");
        TaskType<String> misnamed = TaskType.of("no name", String.class).on("mails");
        NewTask<String> good = NewTask.of(text, "a");
        List<ThrowingCallable> refused = List.of(
                () -> tasks.enqueue(text, "x".repeat(1 << 20)),
                () -> tasks.enqueue(misnamed, "a"),
                () -> tasks.enqueue(text, "a", EnqueueOptions.none().withHeader("traceparent", "00-1-2-01")),
                () -> tasks.enqueue(text.key(mail -> mail), "ada"),
                () -> tasks.enqueueTogether(Collections.nCopies(201, good)),
                () -> tasks.enqueueTogether(List.of(good, NewTask.of(text.key(mail -> mail), "ada"))));
        List<Throwable> queued =
                refused.stream().map(Assertions::catchThrowable).toList();
        test.inline(handlers -> {
            handlers.handle(text, (mail, task) -> sent.add(mail));
            handlers.handle(misnamed, (mail, task) -> sent.add(mail));
        });
        List<Throwable> inline =
                refused.stream().map(Assertions::catchThrowable).toList();
        assertThat(queued).doesNotContainNull();
        assertThat(inline)
                .map(Throwable::getMessage)
                .isEqualTo(queued.stream().map(Throwable::getMessage).toList());
        assertThat(sent).isEmpty();
        assertThat(test.enqueued()).isEmpty();

        tasks.queue("mails").change(settings -> settings.withKind(Kind.OWN));
        tasks.enqueue(text.key(mail -> mail), "ada");
        assertThat(sent).containsExactly("ada");
    }

    @Test
    void whatRunsInlineKeepsAndNotesWhatAWorkersTaskMay() {
        TaskQueue tasks = TaskQueue.on(test.cluster());
        TaskType<String> note = TaskType.of("note", String.class).on("notes");
        List<TaskHandler<String>> refused = List.of(
                (text, task) -> task.result("x".repeat((1 << 20) + 1)),
                (text, task) -> task.result("x", Duration.ZERO),
                (text, task) -> task.once("", () -> sent.add("nameless")),
                (text, task) -> task.once("x".repeat(101), () -> sent.add("too long")),
                (text, task) -> task.once("big", String.class, () -> "x".repeat(1 << 20)));
        List<String> failures = new ArrayList<>();
        for (TaskHandler<String> handler : refused) {
            tasks.enqueue(note, "a", EnqueueOptions.none().withId("note-" + refused.indexOf(handler)));
            test.drain(handlers -> handlers.handle(note, (text, task) -> {
                try {
                    handler.run(text, task);
                } catch (IllegalArgumentException e) {
                    failures.add(e.getMessage());
                }
            }));
        }
        assertThat(failures).hasSize(refused.size());
        List<String> inline = new ArrayList<>();
        AtomicReference<TaskHandler<String>> runs = new AtomicReference<>();
        test.inline(handlers -> handlers.handle(note, (text, task) -> runs.get().run(text, task)));
        for (TaskHandler<String> handler : refused) {
            runs.set(handler);
            assertThatThrownBy(() ->
                            tasks.enqueue(note, "a", EnqueueOptions.none().withId("note-" + refused.indexOf(handler))))
                    .isInstanceOfSatisfying(IllegalArgumentException.class, e -> inline.add(e.getMessage()));
        }
        String id = "(?<=of task )\\S+(?= has)";
        assertThat(inline)
                .map(message -> message.replaceAll(id, "ID"))
                .isEqualTo(failures.stream()
                        .map(message -> message.replaceAll(id, "ID"))
                        .toList());
        assertThat(sent).isEmpty();

        runs.set((text, task) -> {
            for (int i = 0; i < 2; i++) {
                task.once("charge", () -> sent.add("charged"));
                sent.add(task.once("ask", String.class, () -> "asked " + sent.size()));
            }
        });
        tasks.enqueue(note, "a");
        assertThat(sent).containsExactly("charged", "asked 1", "asked 1");
    }

    @Test
    void drainRunsWhatWaitsAndWhatThatEnqueues() {
        Shop shop = new Shop(test.cluster());
        shop.order("book", "ada");
        shop.order("bomb", "bob");
        assertThat(test.drain(shop.handlers(sent))).isEqualTo(2);
        assertThat(sent).containsExactly("ada: thanks for the book");
        assertThat(test.drain(shop.handlers(sent))).isZero();
    }

    @Test
    void theClockIsTheTests() {
        Shop shop = new Shop(test.cluster());
        TaskQueue tasks = TaskQueue.on(test.join());
        tasks.enqueueIn(MAIL, new Mail("ada", "now"), Duration.ofHours(1));
        assertThat(test.drain(shop.handlers(sent))).isZero();
        test.elapse(Duration.ofMinutes(30));
        tasks.enqueueIn(MAIL, new Mail("bob", "later"), Duration.ofHours(1));
        test.elapse(Duration.ofMinutes(30));
        assertThat(test.drain(shop.handlers(sent))).isEqualTo(1);
        assertThat(sent).containsExactly("ada: now");
    }

    @Test
    void queuesOfBothKindsAreThere() {
        TaskQueue tasks = TaskQueue.on(test.cluster());
        tasks.queue("mails").change(now -> now.withKind(Kind.OWN));
        tasks.enqueue(
                MAIL.key(Mail::to),
                new Mail("ada", "hi"),
                EnqueueOptions.none().withHeader("traceparent", "00-1-2-01"));
        List<String> seen = new ArrayList<>();
        test.drain(handlers ->
                handlers.handle(MAIL, (mail, task) -> seen.add(task.key().orElse("") + " " + task.headers())));
        assertThat(seen).containsExactly("ada {traceparent=00-1-2-01}");
    }
}
