package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.FailedFilter;
import io.covey.cluster.tasks.Misfire;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.testing.TestTasks;
import java.io.FileNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The code of docs/tasks.md, so that it compiles. */
final class TasksGuide {

    record Resize(String file, int width) {}

    static final TaskType<Resize> RESIZE = TaskType.of("resize", Resize.class).on("images");

    record Mail(String to, String text) {}

    static final TaskType<Mail> MAIL = TaskType.of("mail", Mail.class).on("mails");

    record Pay(String account, int amount) {}

    record Report(String tenant, int month) {}

    record Save(String document, String text) {}

    static final TaskType<Report> REPORT = TaskType.of("report", Report.class).on("reports");
    static final TaskType<Save> SAVE = TaskType.of("save", Save.class);
    static final TaskType<String> SWEEP = TaskType.of("sweep", String.class).on("cleaning");

    static final class CancelledOrder extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private TasksGuide() {}

    static Worker work(Cluster cluster) {
        Worker worker = Worker.on(cluster)
                .queues("images")
                .concurrency(8)
                .handlers(handlers -> handlers.handle(RESIZE, (resize, task) -> shrink(resize)))
                .start();
        return worker;
    }

    static void enqueue(Cluster cluster) {
        TaskQueue tasks = TaskQueue.on(cluster);
        tasks.enqueue(RESIZE, new Resize("cat.png", 200));
    }

    static void later(TaskQueue tasks, List<Resize> pictures) {
        tasks.enqueueIn(RESIZE, new Resize("cat.png", 200), Duration.ofMinutes(10));
        tasks.enqueueAt(RESIZE, new Resize("cat.png", 200), Instant.parse("2030-01-31T12:00:00Z"));
        tasks.enqueueAll(RESIZE, pictures);
        tasks.enqueueTogether(List.of(
                NewTask.of(RESIZE, new Resize("cat.png", 200)),
                NewTask.of(MAIL, new Mail("ada", "Your cat is ready"))));
    }

    static final TaskType<Resize> PATIENT = RESIZE.retry(RetryPolicy.standard()
            .withAttempts(10)
            .withDelays(Duration.ofSeconds(1), Duration.ofMinutes(10))
            .withPermanent(Set.of(FileNotFoundException.class))
            .withDiscardOn(Set.of(CancelledOrder.class)));

    static void careful(Pay pay, TaskContext task) throws Exception {
        String receipt = task.once("charge", String.class, () -> bank(pay));
        task.assertMine();
        store(pay, receipt, task.fence());
    }

    static void alike(TaskQueue tasks) {
        TaskType<Report> unique = REPORT.uniqueUntilDone(Report::tenant, Duration.ofHours(1));
        Enqueued second = tasks.enqueue(unique, new Report("ada", 2));
        if (second.duplicate()) {
            say("a report of ada is under way");
        }
    }

    static final TaskType<Report> AT_MOST_HOURLY = REPORT.throttle(Report::tenant, Duration.ofHours(1));
    static final TaskType<Save> WHEN_QUIET = SAVE.debounce(Save::document, Duration.ofSeconds(2));

    static void ids(TaskQueue tasks) {
        tasks.enqueue(MAIL, new Mail("ada", "Invoice 7"), EnqueueOptions.none().withId("invoice-7"));
    }

    static void own(TaskQueue tasks) {
        tasks.queue("reports").change(now -> now.withKind(Kind.OWN));
    }

    static void order(Cluster cluster) {
        Worker.on(cluster).queues("urgent", "mails", "*");
        Worker.on(cluster).weighted(Map.of("urgent", 6, "mails", 3, "*", 1));
    }

    static void limits(TaskQueue tasks) {
        tasks.queue("mails")
                .change(now -> now.withKind(Kind.OWN)
                        .withLimits(Optional.of(5), Optional.of(Rate.of(100, Duration.ofSeconds(1))))
                        .withKeyLimits(Optional.of(1), Optional.empty()));
        tasks.queue("mails").pause();
        tasks.queue("mails").resume();
    }

    static final TaskType<Mail> BY_TENANT = MAIL.key(Mail::to);

    static void results(TaskQueue tasks, Enqueued receipt) {
        // throws TaskFailedException as soon as it has failed for good, was cancelled or dropped
        Optional<Integer> words = tasks.results().await(receipt, Integer.class, Duration.ofSeconds(10));
        tasks.results().progress(receipt).ifPresent(progress -> say(progress.part() + " " + progress.text()));
    }

    static void handler(TaskContext task) {
        task.progress(0.5, "half way");
        task.result(42);
    }

    static TaskQueue around(Cluster cluster) {
        TaskQueue traced = TaskQueue.on(cluster)
                .around((added, rest) -> rest.enqueue(added.stream()
                        .<NewTask<?>>map(task -> task.withOptions(task.options().withHeader("traceparent", current())))
                        .toList()));
        return traced;
    }

    static void aroundRuns(Cluster cluster) {
        Worker.on(cluster).around((task, rest) -> {
            say("begins " + task.id() + " of " + task.headers().get("traceparent"));
            rest.run();
        });
    }

    static void stop(TaskQueue tasks, Enqueued receipt) {
        TaskType<Resize> short5 = RESIZE.timeout(Duration.ofMinutes(5));
        tasks.queue("reports").cancel(receipt.id());
    }

    static void recurring(Cluster cluster) {
        Schedules schedules = Schedules.on(cluster);
        schedules.declare("sweep", Recurrence.every(Duration.ofMinutes(5)), SWEEP, "hall");
        schedules.declare(
                "nightly",
                Recurrence.cron("30 2 * * MON-FRI", ZoneId.of("Europe/Berlin")),
                Misfire.all(3),
                NewTask.of(SWEEP, "cellar"));
        schedules.stop("cleaning", "sweep");
    }

    static void failed(TaskQueue tasks) {
        List<FailedTask> oldest = tasks.failed().page(0, 20);
        tasks.failed().retry(oldest.get(0));
        tasks.failed().retryAll(FailedFilter.all().withQueue("mails").withError("timed out"));
        tasks.failed().dropAll(FailedFilter.all().withOlderThan(Duration.ofDays(30)));
    }

    static void tested() {
        try (TestTasks test = TestTasks.start()) {
            Shop shop = new Shop(test.cluster());
            shop.order("book", "ada@example.org");
            test.assertEnqueued(MAIL, mail -> mail.to().equals("ada@example.org"));
            test.drain(shop.handlers());
        }
    }

    /** What an application would have. */
    static final class Shop {
        private final TaskQueue tasks;

        Shop(Cluster cluster) {
            this.tasks = TaskQueue.on(cluster);
        }

        void order(String item, String mail) {
            tasks.enqueue(MAIL, new Mail(mail, "Thanks for the " + item));
        }

        TaskHandlers handlers() {
            return handlers -> handlers.handle(MAIL, (mail, task) -> say(mail.text()));
        }
    }

    private static void shrink(Resize resize) {
        say(resize.file());
    }

    private static String bank(Pay pay) {
        return "receipt of " + pay.account();
    }

    private static void store(Pay pay, String receipt, long fence) {
        say(pay + receipt + fence);
    }

    private static String current() {
        return "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
