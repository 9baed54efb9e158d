package io.covey.cluster.redis;

import static io.covey.cluster.redis.TaskBench.Q;
import static io.covey.cluster.redis.TaskBench.on;
import static io.covey.cluster.redis.TaskBench.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.ServerCounts;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.TaskEvent.Kind;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tasks on Redis promise beyond the contract: the bytes of resque, other fleets, and damage. */
final class RedisTasksTest {
    private static RedisServer server;
    private TaskBench bench;

    @BeforeAll
    static void start() {
        server = RedisServer.builder().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        bench = new TaskBench(server);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aTaskStandsInTheQueueAsNodeResqueWritesItAndTheQueueIsKnown() {
        bench.enqueue(Q, task("add", "[1.0, \"\\u00e9\"]", Optional.empty()));
        assertThat(bench.list(bench.keys.queue(Q).list()))
                .containsExactly("{\"class\":\"add\",\"queue\":\"mail\",\"args\":[1,\"é\"]}");
        assertThat(TaskBench.texts(bench.ask("SMEMBERS", bench.keys.queues()))).containsExactly(Q);
    }

    @Test
    void aDelayedTaskStandsWhereNodeResquePutsItAndGoesAwayWithoutATrace() {
        long second = Instant.now().getEpochSecond() + 3600;
        bench.enqueue(
                Q,
                task("add", "[]", Optional.of(Instant.ofEpochSecond(second, 1).minusSeconds(1))));
        String job = "{\"class\":\"add\",\"queue\":\"mail\",\"args\":[]}";
        assertThat(bench.list(bench.keys.delayed("" + second))).containsExactly(job);
        assertThat(TaskBench.texts(bench.ask("SMEMBERS", bench.keys.timestamps(job))))
                .containsExactly("delayed:" + second);
        assertThat(bench.ask("ZSCORE", bench.keys.schedule(), "" + second)).isNotNull();

        makeDue(second);
        assertThat(bench.upkeep()).containsExactly(new TaskEvent(Kind.PROMOTED, Q, "", ""));
        assertThat(bench.list(bench.keys.queue(Q).list())).containsExactly(job);
        assertThat(bench.ask("EXISTS", bench.keys.delayed("5"), bench.keys.timestamps(job), bench.keys.schedule()))
                .isEqualTo(0L);
    }

    @Test
    void aNumberTooSmallForAnyMachineHoldsUpNeitherItsQueueNorWhatIsDelayed() {
        String odd = "{\"class\":\"odd\",\"queue\":\"mail\",\"args\":[1e-99999999999]}";
        bench.harness.pushRaw(Q, odd.getBytes(UTF_8));
        bench.harness.pushRaw(Q, "{\"class\":\"a\",\"queue\":\"mail\",\"args\":[]}".getBytes(UTF_8));
        List<Settlement> failures = bench.claim("ada", 5).stream()
                .map(lease -> new Settlement(
                        lease.id(),
                        lease.fence(),
                        new Outcome.Fail(new Failure(lease.content(), "E", "m", List.of(), "w", Instant.EPOCH))))
                .toList();
        bench.settle("ada", Q, failures, 0);
        assertThat(bench.list(bench.keys.failed())).hasSize(2);
        bench.ask("RPUSH", bench.keys.delayed("5"), odd, "{\"class\":\"b\",\"queue\":\"mail\",\"args\":[]}");
        bench.ask("ZADD", bench.keys.schedule(), "5", "5");
        assertThat(bench.upkeep()).containsExactly(new TaskEvent(Kind.PROMOTED, Q, "", ""));
        assertThat(bench.list(bench.keys.queue(Q).list())).hasSize(2).contains(odd);
    }

    @Test
    void lanesOfProducersThatAreGoneAreForgottenWithoutAnyWorkerToo() {
        String lanes = bench.keys.queue(Q).lanes();
        long longAgo = System.currentTimeMillis() - Duration.ofHours(2).toMillis();
        for (int i = 0; i < 1000; i++) {
            bench.ask("HSET", lanes, "gone-" + i + ":e", "1;" + longAgo + ";");
        }
        List<NewTask> tasks = List.of(task("add", "[]", Optional.empty()));
        for (int i = 0; i < 500; i++) {
            assertThat(on(bench.broker.enqueue(Q, new Call("new-" + i, 1), tasks))
                            .status())
                    .isEqualTo(Status.OK);
        }
        assertThat((Long) bench.ask("HLEN", lanes)).isBetween(500L, 700L);
        for (int i = 0; i < 500; i++) {
            assertThat(on(bench.broker.enqueue(Q, new Call("new-" + i, 1), tasks))
                            .status())
                    .isEqualTo(Status.REPLAY);
        }
    }

    @Test
    void locksThatHaveRunOutAreForgottenWithoutAnyWorkerToo() {
        String locks = bench.keys.queue(Q).locks();
        for (int i = 0; i < 1000; i++) {
            bench.ask("HSET", locks, "ugone-" + i, "5|somebody");
        }
        Optional<Dedupe> throttle =
                Optional.of(new Dedupe.Unique(Optional.empty(), Until.EXPIRY, Duration.ofMinutes(1)));
        Optional<Instant> later = Optional.of(Instant.now().plusSeconds(1000));
        for (int i = 0; i < 1000; i++) {
            byte[] args = ("[" + i + "]").getBytes(UTF_8);
            bench.enqueue(Q, new NewTask("once", args, Optional.empty(), later, Map.of(), Optional.empty(), throttle));
        }
        assertThat((Long) bench.ask("HLEN", locks)).isBetween(1000L, 1300L);
    }

    @Test
    void aDebouncedTaskThatIsGivenBackStandsWhereSchedulersOfAllFleetsLook() {
        NewTask task = new NewTask(
                "add",
                "[]".getBytes(UTF_8),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.of(new TaskBroker.Dedupe.Debounce(Optional.empty(), Duration.ofHours(1))));
        bench.enqueue(Q, task);
        assertThat(on(bench.broker.control().orElseThrow().giveBack(Q))).isEqualTo(1);
        String second = TaskBench.texts(bench.ask("ZRANGE", bench.keys.schedule(), 0, -1))
                .get(0);
        assertThat(Instant.ofEpochSecond(Long.parseLong(second)))
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3602));
        String job = "{\"class\":\"add\",\"queue\":\"mail\",\"args\":[]}";
        assertThat(bench.list(bench.keys.delayed(second))).containsExactly(job);
        assertThat(TaskBench.texts(bench.ask("SMEMBERS", bench.keys.timestamps(job))))
                .containsExactly("delayed:" + second);
        TaskKeys.Queue queue = bench.keys.queue(Q);
        assertThat(bench.ask("EXISTS", queue.delayed(), queue.raw(), queue.meta()))
                .isEqualTo(0L);
    }

    /** Moves what is delayed to the fifth second of the epoch. */
    private void makeDue(long second) {
        TaskKeys keys = bench.keys;
        bench.ask("RENAME", keys.delayed("" + second), keys.delayed("5"));
        bench.ask("ZADD", keys.schedule(), 5, "5");
        bench.ask("ZREM", keys.schedule(), "" + second);
        for (String job : bench.list(keys.delayed("5"))) {
            bench.ask("DEL", keys.timestamps(job));
            bench.ask("SADD", keys.timestamps(job), "delayed:5", keys.delayed("5"));
        }
    }

    private void delayed(String... jobs) {
        bench.ask("ZADD", bench.keys.schedule(), 5, "5");
        for (String job : jobs) {
            bench.ask("RPUSH", bench.keys.delayed("5"), job);
        }
    }

    @Test
    void promotionStandsByWhereAForeignSchedulerHoldsEitherLock() {
        delayed("{\"class\":\"a\",\"args\":[],\"queue\":\"mail\"}");
        for (String lock : List.of(bench.keys.leaderLock(), bench.keys.masterLock())) {
            bench.ask("SET", lock, "host:1");
            assertThat(bench.upkeep()).isEmpty();
            assertThat(bench.ask("EXISTS", bench.keys.leaderLock(), bench.keys.masterLock()))
                    .isEqualTo(1L);
            bench.ask("DEL", lock);
        }
        assertThat(bench.upkeep()).hasSize(1);
        for (String lock : List.of(bench.keys.leaderLock(), bench.keys.masterLock())) {
            assertThat(Replies.text(bench.ask("GET", lock))).isEqualTo(bench.keys.lockValue());
            assertThat((Long) bench.ask("PTTL", lock)).isBetween(170_000L, 180_000L);
        }
    }

    @Test
    void promotedTasksOfRubyKeepTheirBytesAndWhatHasNoQueueFails() {
        String ruby = "{\"class\":\"Add\",\"args\":[1.0],\"queue\":\"mail\"}";
        bench.ask("SET", bench.keys.queue("strange").list(), "no list");
        bench.ask("SET", bench.keys.queue("odd").list(), "no list");
        delayed(
                ruby,
                "{\"class\":\"lost\",\"args\":[]}",
                "x",
                "{\"class\":\"a\",\"queue\":\"strange\",\"args\":[]}",
                "{\"class\":\"b\",\"queue\":\"odd\",\"args\":[]}",
                ruby);
        String reason = "UndeliverableTask: Cannot be moved to a queue when due: ";
        assertThat(bench.upkeep())
                .hasSize(5)
                .contains(new TaskEvent(Kind.PROMOTED, Q, "", ""))
                .contains(new TaskEvent(Kind.PARKED, "", "", "", reason + "it names no queue"))
                .filteredOn(event -> event.kind() == Kind.PARKED)
                .allSatisfy(event -> assertThat(event.reason()).startsWith(reason))
                .extracting(TaskEvent::queue)
                .containsExactly("", "", "strange", "odd");
        assertThat(on(bench.broker.inspector().totals())).containsEntry("stat:failed", 4L);
        assertThat(bench.list(bench.keys.queue(Q).list())).containsExactly(ruby, ruby);
        assertThat(on(bench.broker.inspector().failed(0, 10)))
                .extracting(failed -> failed.failure().exception())
                .containsExactly("UndeliverableTask", "UndeliverableTask", "UndeliverableTask", "UndeliverableTask");
    }

    @Test
    void manyDelayedTasksArePromotedOnceHoweverManyKeepOrder() {
        String[] jobs = new String[450];
        for (int i = 0; i < jobs.length; i++) {
            jobs[i] = "{\"class\":\"t" + i + "\",\"queue\":\"mail\",\"args\":[]}";
        }
        delayed(jobs);
        List<CompletionStage<List<TaskEvent>>> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            runs.add(bench.broker.upkeep(Set.of(Q), TaskBench.LEASE, 3));
        }
        runs.forEach(TaskBench::on);
        bench.upkeep();
        assertThat(bench.list(bench.keys.queue(Q).list())).containsExactly(jobs);
    }

    @Test
    void aHundredThousandTasksThatAreDueAtOnceArePromotedInOrderByFewUpkeeps() {
        int count = 100_000;
        for (int from = 0; from < count; from += TaskBroker.MOST) {
            NewTask[] tasks = new NewTask[TaskBroker.MOST];
            for (int i = 0; i < tasks.length; i++) {
                tasks[i] = task("t", "[" + (from + i) + "]", Optional.of(Instant.ofEpochSecond(5)));
            }
            bench.enqueue(Q, tasks);
        }
        Traffic before = traffic();
        long start = System.nanoTime();
        int upkeeps = 0;
        while (!bench.ask("LLEN", bench.keys.delayed("5")).equals(0L)) {
            assertThat(bench.upkeep()).containsExactly(new TaskEvent(Kind.PROMOTED, Q, "", ""));
            upkeeps++;
        }
        long nanos = System.nanoTime() - start;
        Traffic spent = traffic().since(before);
        System.out.printf(
                "%,d tasks due in the same second promoted in %d upkeeps, %,d a second, %s%n",
                count, upkeeps, count * 1_000_000_000L / nanos, spent);
        spent.assertOneForMany(500, 50, count);
        assertThat(bench.ask("LLEN", bench.keys.queue(Q).list())).isEqualTo((long) count);
        for (int i = 0; i < count; i += count / 10) {
            assertThat(Replies.text(bench.ask("LINDEX", bench.keys.queue(Q).list(), i)))
                    .endsWith("[" + i + "]}");
        }
    }

    private Traffic traffic() {
        return Traffic.upTo(section -> Replies.text(bench.ask("INFO", section)));
    }

    @Test
    void unparsableDelayedTasksAreKeptByteForByteAmongTheFailed() {
        int count = 20_000;
        int portion = 5000;
        for (int from = 0; from < count; from += portion) {
            List<Object> args = new ArrayList<>(List.of(bench.keys.delayed("5")));
            for (int i = from; i < from + portion; i++) {
                args.add(new byte[] {(byte) 0xff, '{', (byte) i, (byte) (i >> 8), (byte) (i >> 16)});
            }
            bench.ask("RPUSH", args.toArray());
        }
        bench.ask("ZADD", bench.keys.schedule(), 5, "5");
        Traffic before = traffic();
        long start = System.nanoTime();
        while (!bench.ask("LLEN", bench.keys.delayed("5")).equals(0L)) {
            bench.upkeep();
        }
        long nanos = System.nanoTime() - start;
        Traffic spent = traffic().since(before);
        System.out.printf(
                "%,d unparsable tasks moved to failed, %,d a second, %s%n",
                count, count * 1_000_000_000L / nanos, spent);
        spent.assertOneForMany(400, 20, count);
        assertThat(bench.ask("LLEN", bench.keys.failed())).isEqualTo((long) count);
        for (int i = 0; i < count; i += count / 10) {
            Content content =
                    on(bench.broker.inspector().failed(i, 1)).get(0).failure().content();
            assertThat(((Content.Unreadable) content).raw())
                    .containsExactly((byte) 0xff, (byte) '{', (byte) i, (byte) (i >> 8), (byte) (i >> 16));
        }
    }

    @Test
    void whatASchedulerOfNodeResqueMovedToTheListWithoutANameIsFoundAmongTheFailed() {
        String list = bench.keys.resque("queue:");
        for (int i = 0; i < 250; i++) {
            bench.ask("RPUSH", list, "{\"class\":\"lost\",\"args\":[" + i + "]}");
        }
        bench.upkeep();
        await().until(() -> bench.ask("LLEN", list).equals(0L));
        assertThat(bench.list(bench.keys.failed())).hasSize(250);
        assertThat(((Content.Readable) on(bench.broker.inspector().failed(249, 1))
                                .get(0)
                                .failure()
                                .content())
                        .args())
                .isEqualTo("[249]".getBytes(UTF_8));
    }

    @Test
    void aPoisonedTaskIsFoundInResquesFailedListOnceWithItsOwnerAndIsCounted() {
        bench.enqueue(Q, task("poison", "[1]", Optional.empty()));
        bench.claim("ada", 1);
        bench.ownersDie();
        bench.claim("bob", 1);
        bench.ownersDie();
        Turn solo = new Turn(Q, new Call("eve.solo", 1), "eve", TaskBench.LEASE, 3, List.of(), 5, true);
        assertThat(on(bench.broker.turn(List.of(solo))).get(0).leases()).hasSize(1);
        assertThat(bench.ownersDie()).extracting(TaskEvent::kind).containsExactly(Kind.POISONED);
        List<String> failed = bench.list(bench.keys.failed());
        assertThat(failed).hasSize(1);
        assertThat(failed.get(0))
                .startsWith(
                        "{\"worker\":\"eve\",\"queue\":\"mail\",\"payload\":{\"class\":\"poison\",\"queue\":\"mail\",\"args\":[1]},"
                                + "\"exception\":\"PoisonedTask\",");
        assertThat(bench.list(bench.keys.queue(Q).dead())).isEmpty();
        assertThat(on(bench.broker.inspector().totals())).containsEntry("stat:failed", 1L);
    }

    @Test
    void whatIsDoneAndWhatFailedIsAddedUpWhereResqueLooks() {
        bench.enqueue(Q, 5);
        List<Lease> leases = bench.claim("ada", 5);
        bench.turn("ada", Q, leases.subList(0, 3), 0);
        Failure why = new Failure(leases.get(3).content(), "E", "m", List.of(), "w", Instant.EPOCH);
        bench.settle(
                "ada",
                Q,
                List.of(new Settlement(leases.get(3).id(), leases.get(3).fence(), new Outcome.Fail(why))),
                0);
        bench.upkeep();
        bench.turn("ada", Q, leases.subList(4, 5), 0);
        bench.upkeep();
        assertThat(on(bench.broker.inspector().totals()))
                .containsEntry("stat:processed", 4L)
                .containsEntry("stat:failed", 1L)
                .containsEntry("failed", 1L);
    }

    @Test
    void aForeignPushWakesWhoeverWatches() {
        Queue<String> hints = new ConcurrentLinkedQueue<>();
        Registration watching = bench.broker.watch(Set.of(Q, "other"), hints::add);
        await().until(() -> !hints.isEmpty());
        for (int i = 0; i < 3; i++) {
            bench.claim("ada", 100);
            hints.clear();
            bench.harness.pushRaw(Q, "{\"class\":\"a\",\"args\":[]}".getBytes(UTF_8));
            await().until(() -> hints.contains(Q));
        }
        hints.clear();
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await().until(() -> hints.contains(Q) && hints.contains("other"));
        watching.close();
        await().until(() -> info("clients", "tracking_clients").equals("0"));
    }

    static String info(String section, String field) {
        return server.command("INFO", section)
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .findFirst()
                .orElseThrow()
                .substring(field.length() + 1);
    }

    @Test
    void whereAnotherFleetKeepsNoListEnqueueSaysSoAndOtherQueuesAndSettlementsGoOn() {
        bench.enqueue(Q, 1);
        Lease lease = bench.claim("ada", 1).get(0);
        bench.ask("ZADD", bench.keys.queue(Q).list(), 1, "{\"class\":\"jesque\",\"args\":[]}");
        assertThatThrownBy(() -> bench.enqueue(Q, 1))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining(bench.keys.queue(Q).list() + " is no list")
                .hasMessageContaining("nothing was added");
        TurnAnswer answer = bench.turn("ada", Q, List.of(lease), 5);
        assertThat(answer.settled()).containsExactly(Settled.DONE);
        assertThat(answer.leases()).isEmpty();
        bench.ask("DEL", bench.keys.queue(Q).list());
        bench.enqueue(Q, 1);
        assertThat(bench.claim("ada", 5)).hasSize(1);
    }

    @Test
    void lostDataIsToldByAnotherEpochAndByAnUnknownLane() {
        bench.enqueue(Q, 2);
        TurnAnswer before = bench.turn("ada", Q, List.of(), 1);
        TaskKeys.Queue queue = bench.keys.queue(Q);
        queue.all().forEach(key -> bench.ask("DEL", key));
        TurnAnswer after = bench.turn("ada", Q, before.leases(), 1);
        assertThat(after.status()).isEqualTo(Status.UNKNOWN);
        assertThat(after.state().epoch())
                .isNotEmpty()
                .isNotEqualTo(before.state().epoch());
        TurnAnswer next = bench.turn("bob", Q, List.of(), 1);
        assertThat(next.state().epoch()).isEqualTo(after.state().epoch());
    }

    @Test
    void aTaskThatADamageLeftInNoPlaceRunsAgain() {
        bench.enqueue(Q, 3);
        List<Lease> leases = bench.claim("ada", 2);
        bench.settle(
                "ada",
                Q,
                List.of(new Settlement(leases.get(1).id(), leases.get(1).fence(), new Outcome.Release())),
                0);
        bench.upkeep();
        bench.ask("DEL", bench.keys.queue(Q).redo());
        bench.ask("DEL", bench.keys.queue(Q).all().get(4));
        bench.harness.pass(Duration.ofMinutes(2), Q);
        assertThat(bench.upkeep())
                .extracting(TaskEvent::task)
                .containsExactlyInAnyOrder(leases.get(0).id(), leases.get(1).id());
        assertThat(bench.claim("bob", 10)).hasSize(3);
    }

    @Test
    void whatIsThereByHalvesIsSettledOnce() {
        bench.enqueue(Q, 4);
        TaskKeys.Queue queue = bench.keys.queue(Q);
        List<Lease> leases = bench.claim("ada", 3);
        bench.settle(
                "ada",
                Q,
                List.of(new Settlement(leases.get(2).id(), leases.get(2).fence(), new Outcome.Release())),
                0);
        bench.ask("HDEL", queue.raw(), leases.get(0).id(), leases.get(2).id());
        bench.ask("HDEL", queue.meta(), leases.get(1).id());
        List<TaskEvent> events = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            bench.claim("bob", 1);
            bench.harness.pass(Duration.ofMinutes(2), Q);
            events.addAll(bench.upkeep());
        }
        assertThat(events)
                .filteredOn(event -> event.kind() == Kind.DAMAGED)
                .extracting(TaskEvent::task)
                .containsExactlyInAnyOrder(
                        leases.get(0).id(), leases.get(1).id(), leases.get(2).id());
        assertThat(bench.list(bench.keys.failed()))
                .singleElement()
                .satisfies(entry -> assertThat(entry).contains("DamagedTask").contains("\"class\":\"t\""));
        assertThat(bench.ask("HLEN", queue.meta())).isEqualTo(bench.ask("HLEN", queue.raw()));
    }

    @Test
    void aSweepLooksAtFewTasksASecondHoweverManyWait() {
        TaskKeys.Queue queue = bench.keys.queue(Q);
        manyDelayed(queue);
        bench.ask("CONFIG", "RESETSTAT");
        bench.harness.pass(Duration.ofMinutes(2), Q);
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            bench.upkeep();
        }
        long windows = 1 + Duration.ofNanos(System.nanoTime() - start).toMillis() / 500;
        String stats = Replies.text(bench.ask("INFO", "commandstats"));
        assertThat(ServerCounts.calls(stats, "hscan")).isBetween(10L, 10 * (windows + 1) + 10);
    }

    @Test
    void aKeyWhoseCountIsTooHighIsServedAgainThoughItsQueueIsNeverIdle() {
        String own = "counted";
        on(bench.broker
                .control()
                .orElseThrow()
                .change(
                        own,
                        settings -> settings.withKind(QueueSettings.Kind.OWN)
                                .withKeyLimits(Optional.of(2), Optional.empty())));
        NewTask keyed = new NewTask(
                "t",
                "[]".getBytes(UTF_8),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.of("k"),
                Optional.empty());
        bench.enqueue(own, keyed, keyed, keyed, keyed, keyed, task("other", "[]", Optional.empty()));
        List<Lease> leases = bench.turn("ada", own, List.of(), 10).leases();
        assertThat(leases).hasSize(3);
        bench.ask("HINCRBY", bench.keys.queue(own).full().get(15), "rk", 5);
        List<Lease> counted = leases.stream()
                .filter(lease -> ((Content.Readable) lease.content()).type().equals("t"))
                .toList();
        Lease other = leases.stream()
                .filter(lease -> !counted.contains(lease))
                .findFirst()
                .orElseThrow();
        bench.turn("ada", own, counted.subList(0, 1), 0);
        assertThat(bench.turn("ada", own, List.of(), 10).leases()).isEmpty();
        for (int i = 0; i < 3; i++) {
            bench.harness.pass(Duration.ofMinutes(2), own);
            on(bench.broker.beat("ada", TaskBench.LEASE, List.of(counted.get(1).held(), other.held())));
            on(bench.broker.upkeep(Set.of(own), TaskBench.LEASE, 3));
        }
        // one of the two places is taken
        assertThat(bench.turn("bob", own, List.of(), 10).leases()).hasSize(1);
        assertThat(bench.turn("bob", own, List.of(), 10).leases()).isEmpty();
    }

    @Test
    void whatTheDeadHeldIsGivenBackAtOnceThoughManyWaitForTheirTime() {
        bench.enqueue(Q, 1);
        Lease lease = bench.claim("ada", 1).get(0);
        TaskKeys.Queue queue = bench.keys.queue(Q);
        manyDelayed(queue);
        bench.harness.pass(Duration.ofMinutes(2), Q);
        bench.turn("bob", Q, List.of(), 0);
        assertThat(bench.upkeep()).extracting(TaskEvent::task).contains(lease.id());
        // the sweep that is now under way does not hold up what comes after
        Lease again = bench.claim("bob", 1).get(0);
        bench.upkeep();
        assertThat(bench.ownersDie()).extracting(TaskEvent::task).contains(again.id());
    }

    private void manyDelayed(TaskKeys.Queue queue) {
        for (int from = 0; from < 20_000; from += 1000) {
            List<Object> metas = new ArrayList<>(List.of(queue.meta()));
            List<Object> times = new ArrayList<>(List.of(queue.delayed()));
            for (int i = from; i < from + 1000; i++) {
                metas.addAll(List.of("e:" + i, "0|0|0|"));
                times.addAll(List.of("9000000000000000", "e:" + i));
            }
            bench.ask("HSET", metas.toArray());
            bench.ask("ZADD", times.toArray());
        }
    }

    @Test
    void whatAnOwnerOfThousandsHeldIsGivenBackInPortionsAndOnlyThenIsItForgotten() {
        bench.enqueue(Q, 3000);
        for (int i = 0; i < 15; i++) {
            assertThat(bench.claim("ada", 200)).hasSize(200);
        }
        List<TaskEvent> events = new ArrayList<>(bench.ownersDie());
        while ((Long) bench.ask("ZCARD", bench.keys.queue(Q).all().get(4)) > 0) {
            events.addAll(bench.upkeep());
        }
        assertThat(events).hasSize(3000).extracting(TaskEvent::task).doesNotHaveDuplicates();
        assertThat((Long) bench.ask("ZCARD", bench.keys.queue(Q).redo())).isEqualTo(3000);
    }

    @Test
    void aSilentLaneIsDroppedAfterAnHourAndALivingOneIsNot() {
        bench.enqueue(Q, 1);
        bench.claim("ada", 1);
        bench.harness.pass(Duration.ofMinutes(50), Q);
        bench.claim("bob", 1);
        bench.harness.pass(Duration.ofMinutes(20), Q);
        bench.upkeep();
        assertThat(bench.turn("ada", Q, List.of(), 0).status()).isEqualTo(Status.UNKNOWN);
        assertThat(bench.turn("bob", Q, List.of(), 0).status()).isEqualTo(Status.OK);
    }

    @Test
    void retriesAreAtMostHalfOfAClaimWhileNewTasksWait() {
        bench.enqueue(Q, 20);
        List<Settlement> retries = bench.claim("ada", 10).stream()
                .map(lease -> new Settlement(lease.id(), lease.fence(), new Outcome.Retry(Duration.ZERO)))
                .toList();
        bench.settle("ada", Q, retries, 0);
        Map<Boolean, List<Lease>> claimed =
                bench.claim("bob", 8).stream().collect(Collectors.partitioningBy(lease -> lease.attempt() > 1));
        assertThat(claimed.get(true)).hasSize(4);
        assertThat(claimed.get(false)).hasSize(4);
        int retried = 0;
        for (int i = 0; i < 8; i++) {
            retried += bench.claim("eve", 1).get(0).attempt() - 1;
        }
        assertThat(retried).isBetween(2, 6);
    }

    @Test
    void contentOfAnyFleetIsHandedOut() {
        bench.harness.pushRaw(Q, "{\"args\":{},\"class\":\"Ruby\"}".getBytes(UTF_8));
        assertThat(bench.claim("ada", 1).get(0).content())
                .isInstanceOfSatisfying(
                        Content.Readable.class,
                        content -> assertThat(new String(content.args(), UTF_8)).isEqualTo("[]"));
    }
}
