package io.covey.cluster.examples.acceptance;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import io.covey.cluster.Room;
import io.covey.cluster.Secret;
import io.covey.cluster.rpc.BuiltIn;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.rpc.connections.Verbs;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program that does everything that could tell a secret, and prints everything that it is told. */
final class CanaryScene {
    private static final Procedure<String, String> GREET =
            Procedure.of("greet", String.class, String.class).within(Duration.ofSeconds(20));

    private static final TaskType<String> FAILS =
            TaskType.of("fails", String.class).on("canary");

    private CanaryScene() {}

    /** The URI, with a password, and the token are in the environment. */
    public static void main(String[] args) throws Exception {
        String uri = System.getenv("SCENE_URI");
        ClusterConfig config = ClusterConfig.builder(uri)
                .namespace(System.getenv("SCENE_NAMESPACE"))
                .name("scene")
                .build();
        print(config, config.security(), config.transport(), config.transport().printableUri());
        try (Cluster node = Cluster.join(config);
                Cluster open = Cluster.join(ClusterConfig.builder(uri)
                        .namespace(System.getenv("SCENE_NAMESPACE"))
                        .name("open")
                        .withoutSecurity()
                        .build())) {
            print(node, node.self(), node.tokens(), node.tokens().ids(), node.transport(), node.health(), node.bus());
            print(node.transport().description(), node.members().list());
            Rpc.on(node).serve(GREET, (name, caller) -> {
                throw new IllegalStateException("no greeting");
            });
            tried(() -> Rpc.on(node)
                    .call(Target.node(node.self().id()), GREET, "canary-content")
                    .get(30, TimeUnit.SECONDS));
            node.topic("/**", String.class).subscribe(text -> {});
            open.topic("/news", String.class).publish("canary-content");
            tried(() -> node.tokens().ids().get(7));
            tried(() -> {
                node.tokens().refuse(Secret.of(System.getenv("COVEY_TOKEN")));
                return "";
            });
            use(node, open);
            System.out.println("READY");
            System.in.transferTo(OutputStream.nullOutputStream());
            print(node.health().rejected());
        }
        tried(() -> Cluster.join(uri.replace("canary-password", "canary-password-wrong")));
        tried(() -> Cluster.join(uri.replace("127.0.0.1", "no-such-host.invalid")));
        tried(() -> Secret.of("canary-weak"));
        tried(() -> Cluster.join(ClusterConfig.of("canary-password@nowhere")));
        Path file = Files.createTempFile("canary", "token");
        try {
            Files.writeString(file, "canary-weak\n");
            tried(() -> ClusterConfig.builder(uri).tokenFile(file).build());
        } finally {
            Files.delete(file);
        }
        System.out.println("END");
    }

    /** Every part of a node, well and badly, with content that nobody but its reader is to see. */
    private static void use(Cluster node, Cluster open) throws Exception {
        Cache<String> cache = node.cache("things", String.class, CacheOptions.none());
        cache.put("key", "canary-content");
        tried(() -> node.cache("things", Integer.class).get("key"));
        node.list("list", String.class).push("canary-content");
        Lock lock = node.lock("lock");
        try (Lock.Held held = lock.tryLock(Duration.ZERO).orElseThrow()) {
            print(lock, held, node.semaphore("permits", 1), node.stats("counters"));
            tried(() -> lock.tryLock(Duration.ZERO));
        }
        node.owners().hold("thing", "one", Map.of("of", "canary-content"));
        Room<String> room = node.rooms().room("lobby", String.class);
        room.listen(message -> {
            throw new IllegalStateException("a listener that throws");
        });
        room.join("ada", Map.of("secret", "canary-content"));
        room.say("ada", "canary-content");
        tried(() -> open.rooms().room("lobby", String.class).say("ada", "canary-content"));
        Connections.on(node)
                .open("abc", Map.of("of", "canary-content"), Verbs.none().on(GREET, (connection, name) -> {
                    throw new IllegalStateException("no greeting by a connection");
                }));
        tried(() -> Connections.on(node).apply("abc", GREET, "canary-content").get(30, TimeUnit.SECONDS));
        tried(() -> Rpc.on(open)
                .call(Target.node(node.self().id()), GREET.within(Duration.ofMillis(200)), "canary-content")
                .get(30, TimeUnit.SECONDS));
        CountDownLatch ran = new CountDownLatch(2);
        Worker worker = Worker.on(node)
                .queues(FAILS.queue())
                .handlers(handlers -> handlers.handle(FAILS, (text, task) -> {
                    ran.countDown();
                    throw new IllegalStateException("a task that fails");
                }))
                .start();
        TaskQueue.on(node).enqueue(FAILS, "canary-content");
        TaskQueue.on(node).enqueue(FAILS, "canary-content again");
        ran.await();
        print(worker, worker.stats(), TaskQueue.on(node), Rpc.on(node), Connections.on(node), room, cache);
        print(Rpc.on(node)
                .call(Target.node(node.self().id()), BuiltIn.STATS, new byte[0])
                .get(30, TimeUnit.SECONDS));
        print(
                node.config(),
                node.config().security(),
                node.health().state(),
                node.health().messages());
    }

    private static void print(Object... things) {
        for (Object thing : things) {
            System.out.println(thing);
        }
    }

    private static void tried(Callable<?> call) {
        try {
            System.out.println("no exception: " + call.call());
        } catch (Exception e) {
            e.printStackTrace(System.out);
        }
    }
}
