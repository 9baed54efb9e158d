package io.covey.cluster.cli;

import io.covey.cluster.Node;
import io.covey.cluster.cli.QueueSample.QueueState;
import io.covey.cluster.cli.QueueSample.Rates;
import io.covey.cluster.cli.Terminal.Size;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import io.covey.cluster.tasks.FailedTasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A picture as lines, none longer than the screen is wide and no more than it is high. */
final class TopScreen {
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final int NUMBERS = 54;
    private static final int SHORTEST_NAME = 12;
    private static final int LEAST_NODES = 3;

    private final Size size;
    private final boolean colours;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param size of the screen; rows may be as many as there are lines
     * @param colours whether something is set off
     */
    TopScreen(Size size, boolean colours) {
        this.size = size;
        this.colours = colours;
    }

    /**
     * The lines of a picture.
     *
     * @param state what is said at the end of the first line
     * @param trouble why it is not newer; empty if it is as new as can be
     */
    List<String> lines(TopPicture picture, String state, String trouble) {
        String time = picture.sample().now().toString().substring(11, 19);
        line(BOLD, "covey at " + picture.where() + "  " + time + " UTC  " + state);
        if (trouble.isEmpty()) {
            line("", backend(picture.facts()));
        } else {
            line(RED, "NO NEWS: " + trouble);
        }
        line("", members(picture));
        line("", totals(picture));
        long failed = picture.sample().failed();
        line(failed > FailedTasks.MANY ? RED : "", "failed " + failed + (failed == 0 ? "" : ": cluster failed groups"));
        line("", "");
        List<Node> nodes = picture.nodes();
        int nodeRows = Math.min(nodes.size(), LEAST_NODES) + 2;
        queues(picture, Math.max(1, size.rows() - lines.size() - 1 - nodeRows));
        line("", "");
        nodes(picture, Math.max(1, size.rows() - lines.size() - 1));
        return lines.subList(0, Math.min(lines.size(), size.rows()));
    }

    private static String backend(Map<String, String> facts) {
        if (!facts.containsKey("used_memory_human")) {
            return facts.values().stream().findFirst().map(Output::shown).orElse("the backend says nothing of itself");
        }
        String most = facts.getOrDefault("maxmemory_human", "0B");
        return "redis " + facts.getOrDefault("valkey_version", facts.getOrDefault("redis_version", "?"))
                + "  " + facts.getOrDefault("instantaneous_ops_per_sec", "?") + " ops/s"
                + "  memory " + facts.get("used_memory_human") + (most.equals("0B") ? "" : " of " + most)
                + "  clients " + facts.getOrDefault("connected_clients", "?")
                + (facts.getOrDefault("evicted_keys", "0").equals("0") ? "" : "  EVICTED " + facts.get("evicted_keys"));
    }

    private static String members(TopPicture picture) {
        return "nodes " + picture.nodes().size() + "  workers "
                + picture.workers().size() + "  running " + picture.running() + " of " + picture.slots();
    }

    private static String totals(TopPicture picture) {
        Rates all = QueueSample.sum(picture.rates());
        return "waiting " + Ages.count(picture.sum(QueueInfo::waiting))
                + "  active " + Ages.count(picture.sum(QueueInfo::active))
                + "  delayed " + Ages.count(picture.delayed())
                + "  retry " + Ages.count(picture.sum(QueueInfo::retry))
                + "  in " + Ages.rate(all.in()) + "/s  done " + Ages.rate(all.done()) + "/s"
                + oldest(picture.latency());
    }

    private static String oldest(@Nullable Double latency) {
        return latency == null ? "" : "  oldest " + Ages.seconds(latency);
    }

    /** Those with work first; in each part by name, so that they stay where they are. */
    private void queues(TopPicture picture, int room) {
        List<QueueState> queues = picture.sample().queues().stream()
                .sorted(Comparator.<QueueState, Boolean>comparing(state -> isIdle(state, picture.rates()))
                        .thenComparing(state -> state.info().queue()))
                .toList();
        line(BOLD, row("QUEUE", "WAITING", "ACTIVE", "DELAYED", "RETRY", "IN/S", "DONE/S", "OLDEST"));
        int rows = Math.max(0, room - 1);
        int shown = queues.size() <= rows ? queues.size() : Math.max(0, rows - 1);
        for (QueueState state : queues.subList(0, shown)) {
            QueueInfo queue = state.info();
            Rates its = picture.rates().get(queue.queue());
            line(
                    "",
                    row(
                            (queue.paused() ? "(paused) " : "") + queue.queue(),
                            Ages.count(queue.waiting()),
                            Ages.count(queue.active()),
                            Ages.count(queue.delayed()),
                            Ages.count(queue.retry()),
                            its == null ? "-" : Ages.rate(its.in()),
                            its == null ? "-" : Ages.rate(its.done()),
                            Ages.seconds(picture.sample().latency(state))));
        }
        if (shown < queues.size()) {
            line("", "… " + (queues.size() - shown) + " more queues");
        }
    }

    private static boolean isIdle(QueueState state, Map<String, Rates> rates) {
        QueueInfo queue = state.info();
        Rates its = rates.get(queue.queue());
        return queue.waiting() + queue.active() + queue.delayed() + queue.retry() == 0
                && (its == null || its.in() + its.done() == 0);
    }

    private String row(String name, String... numbers) {
        StringBuilder row = new StringBuilder(Columns.cell(name, Math.max(SHORTEST_NAME, size.columns() - NUMBERS)));
        int[] widths = {7, 6, 7, 6, 7, 7, 7};
        for (int i = 0; i < numbers.length; i++) {
            row.append(' ')
                    .append(" ".repeat(Math.max(0, widths[i] - numbers[i].length())))
                    .append(numbers[i]);
        }
        return row.toString();
    }

    private void nodes(TopPicture picture, int room) {
        int name = Math.max(SHORTEST_NAME, size.columns() / 4);
        int place = Math.max(SHORTEST_NAME, size.columns() / 3);
        line(BOLD, Columns.cell("NODE", name) + " " + Columns.cell("PROCESS", place) + " UP      RUNNING");
        List<Node> nodes = picture.nodes().stream()
                .sorted(Comparator.comparing(Node::name).thenComparing(Node::joinedAt))
                .toList();
        int rows = Math.max(0, room - 1);
        int shown = nodes.size() <= rows ? nodes.size() : Math.max(0, rows - 1);
        for (Node node : nodes.subList(0, shown)) {
            line(
                    "",
                    Columns.cell(node.name(), name) + " "
                            + Columns.cell(node.pid() + "@" + node.host(), place) + " "
                            + Columns.cell(
                                    Ages.of(Duration.between(
                                            node.joinedAt(), picture.sample().now())),
                                    7)
                            + " " + running(picture, node));
        }
        if (shown < nodes.size()) {
            line("", "… " + (nodes.size() - shown) + " more nodes");
        }
    }

    private static String running(TopPicture picture, Node node) {
        long slots = 0;
        long running = 0;
        for (WorkerInfo worker : picture.workers()) {
            if (worker.pid() == node.pid() && worker.host().equals(node.host())) {
                slots += worker.concurrency();
                running += worker.running().size();
            }
        }
        return slots == 0 ? "-" : running + " of " + slots;
    }

    private void line(String style, String text) {
        String shown = Columns.cell(text, size.columns()).stripTrailing();
        lines.add(style.isEmpty() || !colours ? shown : style + shown + PLAIN);
    }
}
