package io.covey.cluster.cli;

import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.operator.Rights;
import io.covey.cluster.redis.operator.Rights.Role;
import io.covey.cluster.spi.TransportConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cluster acl}. */
@Command(
        name = "acl",
        description = {
            "Prints what users of Redis must be allowed to do, and no more, as lines for redis.conf or the ACL file.",
            "Asks no server: the URI only says whether it is Redis Cluster and which database."
        },
        mixinStandardHelpOptions = true)
final class AclCommand implements Callable<Integer> {
    private static final List<String> ANY_TOPIC = List.of("/app/*");

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(
            names = "--role",
            description =
                    "application (a node that uses everything), worker (runs tasks), reader (looks and changes nothing), "
                            + "client (no node: topics alone, from any language); all of them without it")
    private Role role;

    @Option(names = "--user", paramLabel = "NAME", description = "Name of the user (default: namespace and role)")
    private String user;

    @Option(
            names = "--topic",
            paramLabel = "PATTERN",
            description = "A pattern of topics that is subscribed to, such as /chat/*; of a client all that it may use "
                    + "(may be repeated; default for a client /app/*)")
    private List<String> topics = new ArrayList<>();

    @Option(
            names = "--also-keys",
            paramLabel = "GLOB",
            description = "Further keys that the user may use, such as actionhero:* (may be repeated)")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description =
                    "Its first line is the password, of which the hash is printed; without it >PASSWORD is, to be replaced")
    private Path passwordFile;

    @Option(
            names = "--server",
            paramLabel = "VERSION",
            description = "What the lines are for: 6.2, or 7 for everything newer (default ${DEFAULT-VALUE})",
            defaultValue = "7")
    private String server;

    @Option(names = "--setuser", description = "As a command for redis-cli instead: ACL SETUSER NAME …")
    private boolean setUser;

    @Override
    public Integer call() {
        if (!server.matches("6\\.2|[7-9]|[1-9][0-9]")) {
            throw new ParameterException(spec.commandLine(), "--server is 6.2, or 7 and newer, was " + server);
        }
        if (user != null && !user.matches("[A-Za-z0-9_.@-]{1,128}")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--user must match [A-Za-z0-9_.@-]{1,128}, since Redis divides its lines at spaces");
        }
        if (user != null && role == null) {
            throw new ParameterException(spec.commandLine(), "Say with --role what " + user + " is for");
        }
        for (String key : keys) {
            if (key.isEmpty() || key.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '\'' || c == '\\')) {
                throw new ParameterException(spec.commandLine(), "--also-keys must not have spaces or quotes");
            }
        }
        String password = password();
        for (Role one : role == null ? Role.values() : new Role[] {role}) {
            print(one, password);
        }
        return 0;
    }

    private void print(Role one, String password) {
        TransportConfig config = connection.transport();
        RedisUri uri = RedisUri.parse(config.uri());
        Rights rights = new Rights(
                one,
                config.namespace(),
                config.taskNamespace(),
                uri.database(),
                uri.topology() == RedisUri.Topology.CLUSTER,
                one == Role.CLIENT && topics.isEmpty() ? ANY_TOPIC : topics);
        boolean newer = !server.equals("6.2");
        String name = user == null ? config.namespace() + "-" + one.name().toLowerCase(Locale.ROOT) : user;
        List<String> rules = new ArrayList<>(List.of("reset", "on", password));
        rules.addAll(rights.rules(newer));
        int afterKeys = rules.indexOf("resetchannels");
        keys.forEach(key -> rules.add(afterKeys, "~" + key));
        List<String> remarks = rights.remarks(newer);
        String line = (setUser ? "ACL SETUSER " : "user ") + name + " " + String.join(" ", rules);
        output.whole(
                line,
                Output.fields(
                        "role", one.name().toLowerCase(Locale.ROOT),
                        "user", name,
                        "rules", rules,
                        "remarks", remarks));
        remarks.forEach(remark -> output.error("cluster acl: " + name + ": " + remark));
    }

    private String password() {
        if (passwordFile == null) {
            return ">PASSWORD";
        }
        try {
            String line = Files.readString(passwordFile).lines().findFirst().orElse("");
            if (line.isBlank()) {
                throw new IllegalArgumentException(passwordFile + " holds no password in its first line");
            }
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
            return "#" + HexFormat.of().formatHex(hash);
        } catch (IOException e) {
            throw new UncheckedIOException(passwordFile + " cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
