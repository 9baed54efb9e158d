package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.SharedList;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;

/** Data that looks like a program or like an object stays data; names make no new scripts. */
@Timeout(180)
final class InjectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern SCRIPTS = Pattern.compile("number_of_cached_scripts:(\\d+)");
    private static final TaskType<Object> MARK =
            TaskType.of("mark", Object.class).on("marks");
    private static final Procedure<String, String> ECHO =
            Procedure.of("echo", String.class, String.class).within(Duration.ofSeconds(20));
    private static final int ROUNDS = 2;
    private static final int NAMES = 10_000;
    /** Scripts of upkeep that had not run before. */
    private static final int FIRST_USED_MEANWHILE = 10;

    private static final List<String> TEXTS = List.of(
            "'); redis.call('FLUSHALL') --",
            "\"); redis.call(\"FLUSHALL\") --",
            "]] redis.call('FLUSHALL') --[[",
            "\r\n*1\r\n$8\r\nFLUSHALL\r\n",
            "$(reboot) `reboot` ${jndi:ldap://127.0.0.1/x}",
            "{\"@class\":\"java.util.HashMap\",\"@type\":\"java.lang.Runtime\"}",
            "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA==",
            "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]");

    @OnBothDrivers
    void dataIsNeverAProgram(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            backend.redis.command("SET", "canary", "alive");
            Cluster ada = backend.join(backend.config("ada"));
            Collection<Object> marked = new ConcurrentLinkedQueue<>();
            Collection<String> heard = new ConcurrentLinkedQueue<>();
            Worker.on(ada)
                    .queues("marks")
                    .handlers(handlers -> handlers.handle(MARK, (args, task) -> marked.add(args)))
                    .start();
            ada.topic("/news", String.class).subscribe(heard::add);
            Rpc.on(ada).serve(ECHO, (text, caller) -> text);
            for (int round = 0; round < ROUNDS; round++) {
                for (String text : TEXTS) {
                    use(ada, text, round);
                }
                int sent = (round + 1) * TEXTS.size();
                await().atMost(PATIENCE).until(() -> marked.size() == sent && heard.size() == sent);
            }
            int before = scripts(backend);
            manyNames(ada);
            assertThat(scripts(backend))
                    .as("scripts in the server after %s more names", NAMES)
                    .isLessThan(before + FIRST_USED_MEANWHILE);
            assertThat(heard).hasSize(ROUNDS * TEXTS.size()).containsAll(TEXTS);
            assertThat(marked).hasSize(ROUNDS * TEXTS.size()).allMatch(args -> args.getClass() != String.class);
            assertThat(marked)
                    .contains(
                            Map.of("@class", "java.lang.Runtime", "text", TEXTS.get(0), "deep", Map.of("@type", "x")));
            assertThat(backend.redis.command("GET", "canary")).isEqualTo("alive");
        }
    }

    /** What goes by a script, each under a name of its own, as many at once as a client has under way. */
    private static void manyNames(Cluster node) throws Exception {
        List<CompletableFuture<?>> underWay = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            underWay.add(node.lock("name-" + i)
                    .tryLockAsync(Duration.ZERO, lost -> {})
                    .toCompletableFuture());
        }
        for (CompletableFuture<?> one : underWay) {
            one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @OnBothDrivers
    void whatLooksLikeAProgramIsNoName(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            backend.redis.command("SET", "canary", "alive");
            Cluster ada = backend.join(backend.config("ada"));
            for (String text : TEXTS) {
                for (ThrowingCallable naming : List.<ThrowingCallable>of(
                        () -> ada.cache(text, String.class),
                        () -> ada.list(text, String.class),
                        () -> ada.lock(text),
                        () -> ada.semaphore(text, 1),
                        () -> ada.stats(text),
                        () -> ada.rooms().create(text),
                        () -> ada.topic("/" + text, String.class),
                        () -> ada.owners().hold(text, "key", Map.of()),
                        () -> TaskType.of("mark", String.class).on(text),
                        () -> Procedure.of(text, String.class, String.class))) {
                    assertThatThrownBy(naming).as(text).isInstanceOf(IllegalArgumentException.class);
                }
            }
            assertThat(backend.redis.command("GET", "canary")).isEqualTo("alive");
            assertThat(backend.redis.command("KEYS", "*call*")).isEqualTo("[]");
        }
    }

    /** Jobs of somebody else, whose class is no handler of ours. */
    @OnBothDrivers
    void aTaskThatNobodyHandlesFailsWithTheReasonAndLoadsNothing(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            ClusterConfig.Builder config = backend.config("ada");
            Cluster ada = backend.join(config);
            String space = config.build().transport().taskNamespace();
            Worker.on(ada)
                    .queues("marks")
                    .handlers(handlers -> handlers.handle(MARK, (args, task) -> {}))
                    .start();
            List<String> classes = List.of(
                    "java.lang.Runtime",
                    Loaded.class.getName(),
                    "javax.script.ScriptEngineManager",
                    "../../etc/passwd",
                    "a\\nERROR forged \\u0000");
            backend.redis.command("SADD", space + ":queues", "marks");
            for (String name : classes) {
                backend.redis.command(
                        "RPUSH", space + ":queue:marks", "{\"class\":\"" + name + "\",\"args\":[\"rO0AB\"]}");
            }
            backend.redis.command("RPUSH", space + ":queue:marks", "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA==");
            await().atMost(PATIENCE)
                    .until(() -> backend.redis
                            .command("LLEN", space + ":failed")
                            .equals(Integer.toString(classes.size() + 1)));
            String failed = backend.redis.command("LRANGE", space + ":failed", "0", "-1");
            assertThat(failed).contains("java.lang.Runtime").contains("handler").doesNotContain("ClassNotFound");
            assertThat(System.getProperty("covey.test.loaded")).isNull();
        }
    }

    /** Leaves a trace when it is loaded; nobody may. */
    static final class Loaded {
        static {
            System.setProperty("covey.test.loaded", "by its name");
        }
    }

    private static void use(Cluster node, String text, int round) throws Exception {
        String name = "n" + round + "-" + TEXTS.indexOf(text);
        node.cache(name, String.class).put("key" + round, text);
        assertThat(node.cache(name, String.class).get("key" + round)).contains(text);
        SharedList<String> list = node.list(name, String.class);
        list.push(text);
        assertThat(list.pop()).contains(text);
        if (text.chars().noneMatch(Character::isISOControl)) {
            node.owners().hold(name, text, Map.of(text, text));
            assertThat(node.owners().find(name, text)).isPresent();
        }
        assertThat(node.lock(name).tryLock(Duration.ZERO)).isPresent();
        node.topic("/news", String.class).publish(text);
        TaskQueue.on(node)
                .enqueue(MARK, Map.of("@class", "java.lang.Runtime", "text", text, "deep", Map.of("@type", "x")));
        assertThat(Rpc.on(node)
                        .call(Target.node(node.self().id()), ECHO, text)
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .value())
                .isEqualTo(text);
    }

    private static int scripts(Backend backend) {
        Matcher matcher = SCRIPTS.matcher(backend.redis.command("INFO", "memory"));
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
