package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerMiddleware;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class WorkerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    record Resize(String file, int width) {
        static final TaskType<Resize> TASK =
                TaskType.of("resize", Resize.class).on("images").retry(RetryPolicy.never());
    }

    /** What handlers have heard. */
    static final class Heard {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        void add(String line) {
            lines.add(line);
        }

        String next() throws InterruptedException {
            String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(line).as("a line").isNotNull();
            return line;
        }
    }

    static class Handlers {
        private final Heard heard;

        Handlers(Heard heard) {
            this.heard = heard;
        }

        @HandlesTask
        void resize(Resize resize) {
            heard.add("resize " + resize.file() + " " + resize.width());
        }

        @HandlesTask(value = "${welcome.type}", queue = "${welcome.queue:mail}", attempts = 1)
        int welcome(TaskContext task, Map<String, Integer> ages) {
            heard.add("welcome " + ages + " try " + task.attempt() + " of " + task.type());
            return ages.size();
        }

        @HandlesTask(value = "squares", queue = "numbers")
        void squares(List<Integer> numbers) {
            heard.add("squares " + numbers.stream().mapToInt(n -> n * n).sum());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Handling {
        @Bean
        Heard heard() {
            return new Heard();
        }

        @Bean
        Handlers handlers(Heard heard) {
            return new Handlers(heard);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Registering extends Handling {
        static final TaskType<String> NOTE = TaskType.of("note", String.class).on("notes");

        @Bean
        TaskHandlers notes(Heard heard) {
            return handlers -> handlers.handle(NOTE, (note, task) -> heard.add("note " + note));
        }

        @Bean
        WorkerMiddleware around(Heard heard) {
            return (task, rest) -> {
                heard.add("before " + task.type());
                rest.run();
            };
        }
    }

    @Test
    void methodsOfBeansRunTheTasksOfTheQueuesOfTheirTypes() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Handling.class, "welcome.type=welcome")) {
            TaskQueue tasks = app.getBean(TaskQueue.class);
            Heard heard = app.getBean(Heard.class);
            tasks.enqueue(Resize.TASK, new Resize("cat.png", 200));
            assertThat(heard.next()).isEqualTo("resize cat.png 200");
            TaskType<?> welcome = TaskType.raw("welcome").on("mail");
            tasks.enqueue(TaskType.raw("welcome").on("mail"), "[{\"ada\":36}]");
            assertThat(heard.next()).isEqualTo("welcome {ada=36} try 1 of " + welcome.name());
            tasks.enqueue(TaskType.raw("squares").on("numbers"), "[[1,2,3]]");
            assertThat(heard.next()).isEqualTo("squares 14");
        }
    }

    @Test
    void whatAMethodReturnsIsTheResultOfTheTask() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Handling.class, "welcome.type=hello")) {
            TaskQueue tasks = app.getBean(TaskQueue.class);
            // A shared queue, which other fleets may use, has no room for results.
            tasks.enqueue(TaskType.raw("hello").on("mail"), "[{\"ada\":36,\"bob\":5}]");
            app.getBean(Heard.class).next();
            Worker worker = app.getBean(WorkerLifecycle.class).worker().orElseThrow();
            await().atMost(PATIENCE).until(() -> worker.stats().processed() == 1);
            assertThat(worker.stats().retried() + worker.stats().failed()).isZero();

            tasks.queue("mail").change(now -> now.withKind(QueueSettings.Kind.OWN));
            Enqueued enqueued = tasks.enqueue(TaskType.raw("hello").on("mail"), "[{\"ada\":36,\"bob\":5}]");
            assertThat(tasks.results().await(enqueued, Integer.class, PATIENCE)).contains(2);
        }
    }

    @Test
    void registeredHandlersAndMiddlewareAreBeansToo() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Registering.class, "welcome.type=hello")) {
            app.getBean(TaskQueue.class).enqueue(Registering.NOTE, "buy milk");
            Heard heard = app.getBean(Heard.class);
            assertThat(heard.next()).isEqualTo("before note");
            assertThat(heard.next()).isEqualTo("note buy milk");
        }
    }

    @Test
    void propertiesChooseQueuesAndConcurrency() {
        try (ConfigurableApplicationContext app = Applications.run(
                Handling.class,
                "welcome.type=hello",
                "covey.worker.queues=images,mail",
                "covey.worker.concurrency=3",
                "covey.worker.lease=10s",
                "covey.worker.beat=1s",
                "covey.worker.max-deliveries=2",
                "covey.worker.prefetch=false",
                "covey.worker.scheduler=false")) {
            Worker worker = app.getBean(WorkerLifecycle.class).worker().orElseThrow();
            assertThat(worker.stats().concurrency()).isEqualTo(3);
            assertThat(worker.stats().processedByQueue().keySet()).containsExactlyInAnyOrder("images", "mail");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Threads {
        static final TaskType<String> WHERE = TaskType.of("where", String.class).on("where");

        @Bean
        Heard heard() {
            return new Heard();
        }

        @Bean
        TaskHandlers where(Heard heard) {
            return handlers -> handlers.handle(
                    WHERE, (text, task) -> heard.add(Thread.currentThread().toString()));
        }
    }

    @Test
    void handlersRunOnVirtualThreadsIfSpringHasThemOrTheWorkerIsTold() throws Exception {
        boolean can = Runtime.version().feature() >= 21;
        assertThat(threadOfAHandler()).startsWith("Thread[");
        assertThat(threadOfAHandler("spring.threads.virtual.enabled=true"))
                .startsWith(can ? "VirtualThread[" : "Thread[");
        assertThat(threadOfAHandler("covey.worker.virtual-threads=true"))
                .startsWith(can ? "VirtualThread[" : "Thread[");
        assertThat(threadOfAHandler("spring.threads.virtual.enabled=true", "covey.worker.virtual-threads=false"))
                .startsWith("Thread[");
    }

    private static String threadOfAHandler(String... properties) throws InterruptedException {
        try (ConfigurableApplicationContext app = Applications.run(Threads.class, properties)) {
            app.getBean(TaskQueue.class).enqueue(Threads.WHERE, "?");
            return app.getBean(Heard.class).next();
        }
    }

    @Test
    void noWorkerRunsWhereItIsSwitchedOffOrHasNothingToDo() {
        try (ConfigurableApplicationContext app =
                Applications.run(Handling.class, "welcome.type=hello", "covey.worker.enabled=false")) {
            assertThat(app.getBeanNamesForType(WorkerLifecycle.class)).isEmpty();
            assertThat(app.getBean(TaskQueue.class)).isNotNull();
        }
        try (ConfigurableApplicationContext app = Applications.run(ClusterAutoConfigurationTest.Nothing.class)) {
            assertThat(app.getBean(WorkerLifecycle.class).worker()).isEmpty();
        }
    }

    @Test
    void anApplicationThatStopsAndStartsAgainWorksOn() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Handling.class, "welcome.type=hello")) {
            app.stop();
            app.getBean(TaskQueue.class).enqueue(Resize.TASK, new Resize("cat.png", 1));
            app.start();
            assertThat(app.getBean(Heard.class).next()).isEqualTo("resize cat.png 1");
        }
    }

    /** What a web server is to the life of an application. */
    static final class Server implements SmartLifecycle {
        private final int phase;
        private final Runnable onStart;
        private final Runnable onStop;
        private volatile boolean running;

        Server(int phase, Runnable onStart, Runnable onStop) {
            this.phase = phase;
            this.onStart = onStart;
            this.onStop = onStop;
        }

        @Override
        public void start() {
            onStart.run();
            running = true;
        }

        @Override
        public void stop() {
            onStop.run();
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return phase;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithServer {
        static final TaskType<String> SLOW = TaskType.of("slow", String.class).on("slow");
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);

        @Autowired
        ConfigurableApplicationContext app;

        @Bean
        Heard heard() {
            return new Heard();
        }

        @Bean
        Server requests(Heard heard) {
            return new Server(
                    SmartLifecycle.DEFAULT_PHASE - 1024,
                    () -> heard.add("takes requests, worker "
                            + app.getBean(WorkerLifecycle.class).isRunning()),
                    () -> heard.add("no more requests"));
        }

        @Bean
        Server server(Heard heard, Cluster cluster) {
            return new Server(SmartLifecycle.DEFAULT_PHASE - 2048, () -> heard.add("server starts"), () -> {
                cluster.members().refresh(); // The node is still there.
                heard.add("server stops");
            });
        }

        @HandlesTask("slow")
        void slow(String what) throws InterruptedException {
            begun.countDown();
            assertThat(mayEnd.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            app.getBean(Heard.class).add("done " + what);
        }
    }

    @Test
    void theWorkerStartsAfterTheWebServerAndIsDrainedBeforeItStops() throws Exception {
        ConfigurableApplicationContext app = Applications.run(WithServer.class, "covey.worker.queues=slow");
        WithServer parts = app.getBean(WithServer.class);
        Heard heard = app.getBean(Heard.class);
        assertThat(heard.next()).isEqualTo("server starts");
        assertThat(heard.next()).isEqualTo("takes requests, worker false");

        app.getBean(TaskQueue.class).enqueue(WithServer.SLOW, "ada");
        assertThat(parts.begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Worker worker = app.getBean(WorkerLifecycle.class).worker().orElseThrow();
        Thread closing = new Thread(app::close);
        closing.start();
        await().atMost(PATIENCE).until(() -> !worker.health().up());
        assertThat(heard.lines).isEmpty();
        parts.mayEnd.countDown();
        closing.join(PATIENCE.toMillis());
        assertThat(heard.lines).containsExactly("done ada", "no more requests", "server stops");
    }

    @Configuration(proxyBeanMethods = false)
    static class Nightly {
        @HandlesTask(value = "report", queue = "reports")
        @Recurring(cron = "0 3 * * *", zone = "Europe/Berlin")
        void report() {}

        @HandlesTask(value = "sweep", queue = "reports")
        @Recurring(every = "${sweep.every}", name = "sweeper")
        void sweep(TaskContext task) {}
    }

    @Test
    void recurringMethodsAreDeclaredAndRun() {
        try (ConfigurableApplicationContext app = Applications.run(Nightly.class, "sweep.every=1s")) {
            assertThat(app.getBean(Schedules.class).list())
                    .extracting("queue", "name", "type", "recurrence")
                    .containsExactlyInAnyOrder(
                            tuple("reports", "report", "report", "0 3 * * * Europe/Berlin"),
                            tuple("reports", "sweeper", "sweep", "every PT1S"));
            Worker worker = app.getBean(WorkerLifecycle.class).worker().orElseThrow();
            await().atMost(PATIENCE).until(() -> worker.stats().processed() > 0);
        }
        try (ConfigurableApplicationContext app = Applications.run(Nightly.class, "sweep.every=-")) {
            assertThat(app.getBean(Schedules.class).list()).extracting("name").containsExactly("report");
        }
    }
}
