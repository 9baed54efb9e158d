package io.covey.cluster.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Secret;
import io.covey.cluster.examples.ExactlyOnceExample.Accounts;
import io.covey.cluster.examples.ExactlyOnceExample.Pay;
import io.covey.cluster.redis.embedded.RedisServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every example prints the same on every transport. */
@Timeout(120)
final class ExamplesTest {
    private static RedisServer redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @OnEveryTransport
    void cache(String scheme) throws Exception {
        assertThat(output(scheme, CacheExample::run))
                .containsExactly(
                        "there: Profile[name=Ada, age=36]",
                        "replaced here: true, there: false",
                        "added: false, still Profile[name=Ada, age=37]",
                        "removed: true, left: 0");
    }

    @OnEveryTransport
    void lists(String scheme) throws Exception {
        assertThat(output(scheme, ListsExample::run))
                .containsExactly(
                        "first out: Order[item=tea, count=1]",
                        "left: 2, the last [Order[item=cake, count=3]]",
                        "recent: [bob, cleo]",
                        "hits: 5",
                        "all counters: {}");
    }

    @OnEveryTransport
    void loading(String scheme) throws Exception {
        assertThat(output(scheme, LoadingExample::run))
                .containsExactly(
                        "six who asked got Profile[name=Ada, age=36], all of them: true",
                        "the database was asked 1 time",
                        "nobody: Optional.empty, again: Optional.empty",
                        "the database was asked 2 times");
    }

    @OnEveryTransport
    void topic(String scheme) throws Exception {
        assertThat(output(scheme, TopicExample::run))
                .containsExactly("/chat/lobby ada: hello", "/chat/lobby missed 1", "/chat/lobby ada: bye");
    }

    @OnEveryTransport
    void history(String scheme) throws Exception {
        assertThat(output(scheme, HistoryExample::run))
                .containsExactly(
                        "ada: is anybody there?",
                        "recovered: true",
                        "ada: nobody",
                        "ada: hello again",
                        "recovered: false",
                        "(something is missing)",
                        "ada: line 3",
                        "ada: line 4",
                        "ada: line 5",
                        "the last: line 5");
    }

    @OnEveryTransport
    void lock(String scheme) throws Exception {
        assertThat(output(scheme, LockExample::run))
                .containsExactly(
                        "ada writes: true",
                        "bob gets it: false",
                        "bob writes: true, still his: true",
                        "ada, too late, writes: false");
    }

    @OnEveryTransport
    void rpc(String scheme) throws Exception {
        assertThat(output(scheme, RpcExample::run))
                .containsExactly(
                        "any: one of them",
                        "node: hello ada, this is two",
                        "owner: hello ada, this is two",
                        "all: hello ada, this is one",
                        "all: hello ada, this is two");
    }

    @OnEveryTransport
    void service(String scheme) throws Exception {
        assertThat(output(scheme, ServiceExample::run))
                .containsExactly(
                        "price: 450",
                        "found: Item[name=milk, cents=250]",
                        "ordered: tea, traced: true",
                        "FAILED by java.lang.IllegalArgumentException");
    }

    @OnEveryTransport
    void protobufService(String scheme) throws Exception {
        assertThat(output(scheme, ProtobufServiceExample::run))
                .containsExactly("text.Text/Count, idempotent: true", "words: 4");
    }

    @OnEveryTransport
    void logOnAllNodes(String scheme) throws Exception {
        assertThat(output(scheme, LogOnAllNodesExample::run))
                .containsExactlyInAnyOrder(
                        "one logs: hello from one", "two logs: hello from one", "2 nodes logged it, {} did not")
                .endsWith("2 nodes logged it, {} did not");
    }

    @OnEveryTransport
    void tasks(String scheme) throws Exception {
        assertThat(output(scheme, TasksExample::run))
                .containsExactlyInAnyOrder(
                        "cat.png in attempt 1", "broken.png in attempt 2", "later.png in attempt 1", "all done: true")
                .endsWith("all done: true");
    }

    @OnEveryTransport
    void uniqueTasks(String scheme) throws Exception {
        assertThat(output(scheme, UniqueTasksExample::run))
                .startsWith(
                        "ada's report: true",
                        "another of hers: false",
                        "bob's: true",
                        "a reminder: true",
                        "again: false")
                .contains(
                        "report of ada for month 1",
                        "report of bob for month 1",
                        "reminded ada",
                        "saved Shall I compare thee")
                .endsWith("all done: true")
                .hasSize(10);
    }

    @OnEveryTransport
    void limits(String scheme) throws Exception {
        assertThat(output(scheme, LimitsExample::run))
                .containsExactly(
                        "all done: true", "never more than two: true", "the small one in the first half: true");
    }

    @OnEveryTransport
    void recurring(String scheme) throws Exception {
        assertThat(output(scheme, RecurringExample::run))
                .containsExactly(
                        "often: true",
                        "nightly: true",
                        "often: false",
                        "nightly: false",
                        "swept twice: true",
                        "stopped: true",
                        "left: nightly, 30 2 * * MON-FRI Europe/Berlin");
    }

    @OnEveryTransport
    void results(String scheme) throws Exception {
        assertThat(output(scheme, ResultsExample::run))
                .containsExactly(
                        "progress: 0.5 half way", "result so far: Optional.empty", "words: 6, in the trace: true");
    }

    @OnEveryTransport
    void exactlyOnce(String scheme) throws Exception {
        assertThat(output(scheme, ExactlyOnceExample::run))
                .containsExactly(
                        "attempt 2 has receipt 1",
                        "charged 1 time",
                        "balance: 70",
                        "the next one pays: true",
                        "the overtaken one is refused",
                        "done by the next: 1, by the overtaken one: 0",
                        "balance: 40");
    }

    @Test
    void aPaymentIsMadeOnceWhateverTheFencesOfOthersAre() throws Exception {
        Pay one = new Pay("1", "ada", 10);
        Pay other = new Pay("2", "ada", 20);
        try (Accounts accounts = new Accounts("accounts")) {
            assertThat(accounts.pay(one, 5)).isTrue();
            assertThat(accounts.pay(one, 5)).isFalse();
            assertThat(accounts.pay(one, 6)).isFalse();
            assertThatThrownBy(() -> accounts.pay(one, 5)).isInstanceOf(SQLIntegrityConstraintViolationException.class);
            assertThat(accounts.pay(other, 4)).isTrue();
            assertThat(accounts.balance("ada")).isEqualTo(70);
        }
    }

    @OnEveryTransport
    void members(String scheme) throws Exception {
        assertThat(output(scheme, MembersExample::run).stream()
                        // on a busy machine anybody may be late
                        .filter(line -> !line.endsWith(" SUSPECTED") && !line.endsWith(" RESUMED")))
                .containsExactly(
                        "bob JOINED",
                        "alive: ada {}",
                        "alive: bob {zone=b}",
                        "leads: ada",
                        "held by bob",
                        "bob LEFT",
                        "held by nobody");
    }

    @OnEveryTransport
    void rooms(String scheme) throws Exception {
        assertThat(output(scheme, RoomsExample::run).stream()
                        .filter(line -> !line.startsWith("mallory"))
                        .toList())
                .containsExactly(
                        "there: Bob",
                        "ada joined",
                        "bob hears ada: good morning",
                        "bob hears the house: we close",
                        "ada LEFT",
                        "left: [lobby] with [bob]",
                        "kept: good morning",
                        "kept: we close");
    }

    @OnEveryTransport
    void connections(String scheme) throws Exception {
        assertThat(output(scheme, ConnectionsExample::run))
                .containsExactly(
                        "logged in: true", "abc123 gets: welcome", "abc123 on two {user=ada}", "NO_NODE", "left: 0");
    }

    @OnEveryTransport
    void customTransport(String scheme) throws Exception {
        assertThat(output(scheme, CustomTransportExample::run))
                .containsExactlyInAnyOrder(
                        "hello ada, fence true", "done: true", "locked: true", "twice: false", "cached: yes");
    }

    @Test
    void withBothDriversOnTheClassPathPlainRedisIsRefusedAndBothChoicesAreNamed() {
        assertThatThrownBy(() -> Cluster.join(redis.uri()))
                .isInstanceOf(ClusterException.class)
                .hasMessageContainingAll(
                        "redis://",
                        "redis+jedis:// for io.covey:cluster-redis-jedis",
                        "redis+lettuce:// for io.covey:cluster-redis-lettuce");
    }

    interface Example {
        void run(ClusterConfig.Builder config, PrintStream out) throws Exception;
    }

    private static List<String> output(String scheme, Example example) throws Exception {
        String uri = scheme.equals("local") ? "local:" : redis.uri().replaceFirst("redis", scheme);
        String own = "t" + UUID.randomUUID();
        ClusterConfig.Builder config = ClusterConfig.builder(uri)
                .namespace(own)
                .taskNamespace(own)
                .token(Secret.of(UUID.randomUUID().toString()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, UTF_8)) {
            example.run(config, out);
        }
        return bytes.toString(UTF_8).lines().toList();
    }
}
