package io.covey.cluster.examples.acceptance;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A program that does everything that could tell a secret, and prints everything that it is told. */
final class CanaryScene {
    private static final Procedure<String, String> GREET =
            Procedure.of("greet", String.class, String.class).within(Duration.ofSeconds(20));

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
