package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What somebody who has logged in sees and can do, without a browser. */
@Timeout(180)
final class DashboardTest {
    private static final TaskType<String> MAIL =
            TaskType.of("greet", String.class).on("mail").retry(RetryPolicy.never());
    private Cluster cluster;
    private TaskQueue tasks;
    private Dashboard dashboard;
    private Visitor ada;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.join("local:dashboard-" + UUID.randomUUID());
        tasks = TaskQueue.on(cluster);
        dashboard = Dashboard.on(cluster)
                .port(0)
                .interval(Duration.ofMillis(200))
                .withoutLogin(Role.OPERATOR)
                .start();
        ada = new Visitor(dashboard.uri(), cluster);
        assertThat(ada.get("/").status()).isEqualTo(303);
        ada.refresh();
    }

    @AfterEach
    void stop() {
        dashboard.close();
        cluster.close();
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    private Map<String, Object> tick() throws Exception {
        return Visitor.object(ada.json("/api/overview").get("tick"));
    }

    private Worker fail(String error) {
        return Worker.on(cluster)
                .queues("mail")
                .concurrency(8)
                .handlers(handlers -> handlers.handle(MAIL, (name, task) -> {
                    throw new IllegalStateException(error + name);
                }))
                .start();
    }

    private void failed(int count) {
        tasks.enqueueAll(MAIL, IntStream.range(0, count).mapToObj(i -> "n" + i).toList());
        Worker worker = fail("no such mailbox: ");
        eventually().until(() -> tasks.failed().count() == count);
        worker.close();
    }

    @Test
    void theOverviewCountsWhatIsThere() throws Exception {
        tasks.enqueueAll(MAIL, List.of("a", "b", "c"));
        eventually().until(() -> tick().get("waiting").equals(3));
        assertThat(tick()).containsEntry("up", true).containsEntry("queues", 1).containsEntry("nodes", 1);
        assertThat(ada.rows("/api/nodes").get(0).get("nodes").toString())
                .contains(cluster.self().id());
        assertThat(ada.rows("/api/queues").get(0))
                .containsEntry("queue", "mail")
                .containsEntry("waiting", 3);
        assertThat(ada.rows("/api/tasks?queue=mail&state=WAITING")).hasSize(3);
        assertThat(ada.json("/api/backend")).containsEntry("up", true).containsKey("facts");
    }

    @Test
    void aThousandQueuesComeInPagesSortedAndFiltered() throws Exception {
        for (int i = 0; i < 1000; i++) {
            tasks.enqueue(TaskType.of("t", Integer.class).on("q%04d".formatted(i)), i);
        }
        eventually().until(() -> tick().get("queues").equals(1000));
        Map<String, Object> page = ada.json("/api/queues?skip=25");
        assertThat(page).containsEntry("count", 1000).containsEntry("next", 50);
        assertThat(ada.rows("/api/queues?skip=25"))
                .hasSize(25)
                .first()
                .extracting("queue")
                .isEqualTo("q0025");
        assertThat(ada.rows("/api/queues?sort=queue&down=true"))
                .first()
                .extracting("queue")
                .isEqualTo("q0999");
        assertThat(ada.rows("/api/queues?filter=Q07&limit=100")).hasSize(100);
        assertThat(ada.get("/api/overview").body().length()).isLessThan(60_000);
    }

    @Test
    void aQueueIsPausedAndResumed() throws Exception {
        tasks.enqueue(MAIL, "a");
        assertThat(ada.post("/api/queues/pause", Map.of("queue", "mail")).status())
                .isEqualTo(200);
        eventually().until(() -> tick().get("paused").equals(1));
        assertThat(ada.post("/api/queues/resume", Map.of("queue", "mail")).status())
                .isEqualTo(200);
        eventually().until(() -> tick().get("paused").equals(0));
        assertThat(ada.post("/api/queues/pause", Map.of("queue", "no name")).status())
                .isEqualTo(400);
        assertThat(ada.post("/api/queues/pause", Map.of()).status()).isEqualTo(400);
    }

    @Test
    void failedTasksAreShownTheNewestFirstAndPageByPage() throws Exception {
        failed(60);
        List<Map<String, Object>> first = ada.rows("/api/failed");
        assertThat(first).hasSize(25);
        assertThat(first.get(0))
                .containsEntry("queue", "mail")
                .containsEntry("type", "greet")
                .containsEntry("exception", "java.lang.IllegalStateException");
        List<Object> messages = new ArrayList<>();
        Object next = 0;
        while (next != null) {
            Map<String, Object> page = ada.json("/api/failed?skip=" + next);
            assertThat(page).containsEntry("count", 60);
            ada.rows("/api/failed?skip=" + next).forEach(row -> messages.add(row.get("message")));
            next = page.get("next");
        }
        assertThat(messages).hasSize(60).doesNotHaveDuplicates();
        assertThat(ada.json("/api/failed/one?key=" + first.get(0).get("key"))
                        .get("backtrace")
                        .toString())
                .contains("DashboardTest");
        assertThat(ada.get("/api/failed/one?key=nonsense").status()).isEqualTo(400);
    }

    @Test
    void oneFailedTaskIsRunAgainAnotherIsDropped() throws Exception {
        failed(3);
        List<Map<String, Object>> rows = ada.rows("/api/failed");
        String again = rows.get(0).get("key").toString();
        assertThat(ada.post("/api/failed/retry", Map.of("key", again)).status()).isEqualTo(200);
        assertThat(tasks.queue("mail").counts().waiting()).isEqualTo(1);
        assertThat(ada.post("/api/failed/retry", Map.of("key", again)).status()).isEqualTo(409);
        String gone = rows.get(1).get("key").toString();
        assertThat(ada.post("/api/failed/drop", Map.of("key", gone)).status()).isEqualTo(200);
        assertThat(tasks.failed().count()).isEqualTo(1);
        assertThat(tasks.queue("mail").counts().waiting()).isEqualTo(1);
        eventually().until(() -> ada.rows("/api/failed").size() == 1);
    }

    @Test
    void thoseOfAFilterAreRunAgainAndTheRestIsDropped() throws Exception {
        failed(250);
        Map<String, Object> found = ada.json("/api/failed?error=MAILBOX%3A%20n24");
        assertThat(ada.rows("/api/failed?error=MAILBOX%3A%20n24")).hasSize(11);
        assertThat(found).containsEntry("looked", 250).containsEntry("filtered", true);
        assertThat(ada.post("/api/failed/retry-all", Map.of("error", "mailbox: n24"))
                        .status())
                .isEqualTo(200);
        eventually().until(() -> isOver(11));
        assertThat(tasks.failed().count()).isEqualTo(239);
        assertThat(tasks.queue("mail").counts().waiting()).isEqualTo(11);
        assertThat(ada.post("/api/failed/drop-all", Map.of("queue", "other")).status())
                .isEqualTo(200);
        eventually().until(() -> isOver(0));
        assertThat(ada.post("/api/failed/drop-all", Map.of()).status()).isEqualTo(200);
        eventually().until(() -> isOver(239));
        assertThat(tasks.failed().count()).isZero();
    }

    private boolean isOver(int done) throws Exception {
        Map<String, Object> chore = Visitor.object(tick().get("chore"));
        return chore.get("over").equals(true) && chore.get("done").equals(done);
    }

    @Test
    void aRunningTaskShowsItsProgressAndIsCancelled() throws Exception {
        tasks.queue("mail").change(now -> now.withKind(Kind.OWN));
        Enqueued waiting;
        CountDownLatch stopped = new CountDownLatch(1);
        Worker worker = Worker.on(cluster)
                .queues("mail")
                .concurrency(1)
                .withoutPrefetch()
                .lease(Duration.ofSeconds(2))
                .drain(Duration.ofMillis(10))
                .handlers(handlers -> handlers.handle(MAIL, (name, task) -> {
                    task.progress(0.25, "reading <b>" + name);
                    try {
                        stopped.await();
                    } catch (InterruptedException e) {
                        stopped.countDown();
                        throw e;
                    }
                }))
                .start();
        tasks.enqueue(MAIL, "long");
        eventually()
                .until(() -> !ada.rows("/api/active").isEmpty()
                        && ada.rows("/api/active").get(0).get("progress") != null);
        Map<String, Object> row = ada.rows("/api/active").get(0);
        assertThat(Visitor.object(row.get("progress")))
                .containsEntry("part", 0.25)
                .containsEntry("text", "reading <b>long");
        waiting = tasks.enqueue(MAIL, "waits");
        eventually().until(() -> ada.rows("/api/tasks?queue=mail&state=WAITING").size() == 1);
        Map<String, Object> other =
                ada.rows("/api/tasks?queue=mail&state=WAITING").get(0);
        assertThat(other).containsEntry("id", waiting.id());
        assertThat(ada.post("/api/tasks/cancel", Map.of("key", other.get("key").toString()))
                        .body())
                .contains("removed");
        assertThat(ada.post("/api/tasks/cancel", Map.of("key", row.get("key").toString()))
                        .body())
                .contains("told");
        assertThat(stopped.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        worker.close();
    }

    @Test
    void aRecurringTaskIsRunNow() throws Exception {
        Schedules.on(cluster).declare("nightly", Recurrence.every(Duration.ofDays(1)), MAIL, "all");
        Map<String, Object> row = ada.rows("/api/recurring").get(0);
        assertThat(row).containsEntry("name", "nightly").containsEntry("when", "every PT24H");
        assertThat(ada.post("/api/recurring/run", Map.of("key", row.get("key").toString()))
                        .status())
                .isEqualTo(200);
        assertThat(tasks.queue("mail").counts().waiting()).isEqualTo(1);
    }

    @Test
    void locksAndRoomsAreListed() throws Exception {
        cluster.rooms().room("lobby", String.class).join("ada", Map.of());
        cluster.lock("nightly").tryLock(Duration.ZERO).orElseThrow();
        assertThat(ada.rows("/api/rooms").get(0)).containsEntry("room", "lobby").containsEntry("members", 1);
        assertThat(ada.rows("/api/locks").get(0)).containsEntry("name", "nightly");
    }

    @Test
    void openPagesAreToldTheSamePicturesAndNobodyIsAskedOnceTheyAreClosed() throws Exception {
        List<Socket> pages = new ArrayList<>();
        List<List<String>> heard = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Socket socket = ada.connect();
            pages.add(socket);
            socket.getOutputStream().write(ada.open("/events").getBytes(StandardCharsets.US_ASCII));
        }
        for (Socket page : pages) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(page.getInputStream(), StandardCharsets.UTF_8));
            List<String> numbers = new ArrayList<>();
            while (numbers.size() < 5) {
                String line = lines.readLine();
                if (line.startsWith("data: ")) {
                    numbers.add(ada.parsed(line.substring(6)).get("number") + " "
                            + ada.parsed(line.substring(6)).get("at"));
                }
            }
            heard.add(numbers);
        }
        assertThat(dashboard.pages()).isEqualTo(4);
        assertThat(heard)
                .as("the same number is the same picture")
                .allSatisfy(numbers -> heard.forEach(others -> others.stream()
                        .filter(other ->
                                numbers.stream().anyMatch(one -> one.split(" ")[0].equals(other.split(" ")[0])))
                        .forEach(other -> assertThat(numbers).contains(other))));
        for (Socket page : pages) {
            page.close();
        }
        eventually().until(() -> dashboard.pages() == 0 && !dashboard.isAwake());
        assertThat(tick()).as("and it wakes up again").containsEntry("up", true);
        assertThat(dashboard.isAwake()).isTrue();
    }

    @Test
    void aPageIsSentAwayWhenItsSessionEnds() throws Exception {
        try (Socket page = ada.connect()) {
            page.getOutputStream().write(ada.open("/events").getBytes(StandardCharsets.US_ASCII));
            eventually().until(() -> dashboard.pages() == 1);
            assertThat(ada.post("/logout", Map.of()).status()).isEqualTo(204);
            eventually().until(() -> dashboard.pages() == 0);
        }
    }

    @Test
    void itIsClosedWithItsNode() {
        cluster.close();
        eventually()
                .untilAsserted(() -> assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                () -> ada.connect().close()))
                        .isInstanceOf(java.net.ConnectException.class));
    }
}
