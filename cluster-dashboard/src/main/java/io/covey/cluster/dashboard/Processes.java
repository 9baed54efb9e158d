package io.covey.cluster.dashboard;

import io.covey.cluster.Cluster;
import io.covey.cluster.Node;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The processes of a cluster: each with its nodes and its workers, those of workers of other makes too. */
final class Processes {
    private static final int MOST_QUEUES = 12;

    private final Picture picture;
    private final Set<String> suspected;
    private final String leader;
    private final String self;

    Processes(Cluster cluster, Picture picture) {
        this.picture = picture;
        this.suspected = cluster.members().suspected().stream().map(Node::id).collect(Collectors.toSet());
        this.leader = cluster.members().leader().id();
        this.self = cluster.self().id();
    }

    /** A process. */
    private record Process(String host, long pid, List<Node> nodes, List<WorkerInfo> workers) {}

    List<Map<String, @Nullable Object>> rows() {
        Map<String, Process> all = new LinkedHashMap<>();
        picture.nodes().stream()
                .sorted(Comparator.comparing(Node::joinedAt))
                .forEach(node -> process(all, node.host(), node.pid()).nodes.add(node));
        picture.workers()
                .forEach(worker ->
                        process(all, worker.host(), worker.pid()).workers.add(worker));
        return all.values().stream().map(this::row).toList();
    }

    private static Process process(Map<String, Process> all, String host, long pid) {
        return all.computeIfAbsent(
                pid + "@" + host, name -> new Process(host, pid, new ArrayList<>(), new ArrayList<>()));
    }

    private Map<String, @Nullable Object> row(Process process) {
        return Json.object(
                "host", Shown.name(process.host),
                "pid", process.pid,
                "nodes", process.nodes.stream().map(this::node).toList(),
                "workers", process.workers.stream().map(Processes::worker).toList());
    }

    private Map<String, @Nullable Object> node(Node node) {
        return Json.object(
                "id", Shown.name(node.id()),
                "name", Shown.name(node.name()),
                "joined", node.joinedAt().toEpochMilli(),
                "leader", node.id().equals(leader),
                "self", node.id().equals(self),
                "suspected", suspected.contains(node.id()),
                "metadata",
                        node.metadata().isEmpty()
                                ? ""
                                : Shown.line(node.metadata().toString()));
    }

    private static Map<String, @Nullable Object> worker(WorkerInfo worker) {
        return Json.object(
                "owner", Shown.name(worker.owner()),
                "queues",
                        worker.queues().stream()
                                .limit(MOST_QUEUES)
                                .map(Shown::name)
                                .toList(),
                "moreQueues", Math.max(0, worker.queues().size() - MOST_QUEUES),
                "since", worker.since().toEpochMilli(),
                "seen", worker.seen().toEpochMilli(),
                "done", worker.processed(),
                "failed", worker.failed(),
                "slots", worker.concurrency(),
                "running", worker.running().size());
    }
}
