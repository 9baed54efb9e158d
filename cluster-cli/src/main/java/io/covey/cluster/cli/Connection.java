package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.spi.TransportConfig;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options that say which cluster, shared by all commands. */
public final class Connection {
    /** A Redis scheme that names no driver. */
    private static final Pattern BARE =
            Pattern.compile("(rediss?|redis-sentinel|redis-cluster)(://.*)", Pattern.DOTALL);

    @Option(
            names = "--uri",
            paramLabel = "URI",
            description = "Where the cluster is: redis://, rediss://, redis-sentinel:// or redis-cluster:// "
                    + "(COVEY_URI; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_URI:-redis://127.0.0.1:6379}")
    private String uri;

    @Option(
            names = "--driver",
            description = "${COMPLETION-CANDIDATES} (COVEY_DRIVER; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_DRIVER:-lettuce}")
    private Driver driver;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "Prefix of the cluster's keys and channels (COVEY_NAMESPACE; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_NAMESPACE:-covey}")
    private String namespace;

    @Option(
            names = "--task-namespace",
            paramLabel = "NAME",
            description = "Prefix of the task queues (COVEY_TASK_NAMESPACE; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_TASK_NAMESPACE:-resque}")
    private String taskNamespace;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds the server token in its first line, and others that are accepted in the next "
                    + "(COVEY_TOKEN_FILE; else COVEY_TOKEN holds the token)")
    private Path tokenFile;

    @Option(
            names = "--without-security",
            description = "For a cluster whose messages are not signed: whoever reaches its server can call its nodes")
    private boolean withoutSecurity;

    /** The client libraries to choose from. */
    enum Driver {
        jedis,
        lettuce
    }

    /** The URI as a node is given it, with the driver in it. */
    public String uri() {
        return withDriver(uri);
    }

    /** A URI with the driver of these options, unless it names one or needs none. */
    public String withDriver(String other) {
        Matcher bare = BARE.matcher(other);
        return bare.matches() ? bare.group(1) + "+" + driver + bare.group(2) : other;
    }

    /** Where the cluster is and how its keys are called, for who looks past the cluster at its servers. */
    public TransportConfig transport() {
        return TransportConfig.of(uri()).withNamespace(namespace).withTaskNamespace(taskNamespace);
    }

    /** The settings of a node. */
    public ClusterConfig.Builder config(String name) {
        ClusterConfig.Builder config = ClusterConfig.builder(uri())
                .namespace(namespace)
                .taskNamespace(taskNamespace)
                .name(name);
        if (withoutSecurity) {
            config.withoutSecurity();
        } else if (tokenFile != null) {
            config.tokenFile(tokenFile);
        }
        return config;
    }

    /** Joins as a member of a name. */
    public Cluster join(String name) {
        return Cluster.join(config(name).build());
    }
}
