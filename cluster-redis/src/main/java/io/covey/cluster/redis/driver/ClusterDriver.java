package io.covey.cluster.redis.driver;

import io.covey.cluster.UnavailableException;
import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import io.covey.cluster.spi.Transport.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Redis Cluster: each command goes to the master of its key; a master that has not got the slot says who has. */
final class ClusterDriver implements RedisDriver {
    private static final int MOST_REDIRECTS = 5;
    private static final RedisCommand ASKING = RedisCommand.of("ASKING");

    private record Redirect(Endpoint server, boolean asking) {}

    private final Io io;
    private final ClusterNodes nodes;
    private final Set<ReconnectingLink> links = ConcurrentHashMap.newKeySet();
    private final Set<MasterLinks> linksToAll = ConcurrentHashMap.newKeySet();

    ClusterDriver(Io io, RedisUri uri, RedisDriverFactory.Listener state) {
        this.io = io;
        this.nodes = new ClusterNodes(io, uri, state, this::slotsChanged);
    }

    @Override
    public CompletionStage<Object> send(RedisCommand command) {
        return Replies.single(
                sendTo(command.aside() ? nodes.aside(command) : nodes.of(command), List.of(command), MOST_REDIRECTS));
    }

    @Override
    public CompletionStage<List<Object>> sendAll(List<RedisCommand> commands) {
        boolean aside = commands.stream().anyMatch(RedisCommand::aside);
        Map<Line, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < commands.size(); i++) {
            RedisCommand command = commands.get(i);
            places.computeIfAbsent(aside ? nodes.aside(command) : nodes.of(command), line -> new ArrayList<>())
                    .add(i);
        }
        if (places.size() == 1) {
            return sendTo(places.keySet().iterator().next(), commands, MOST_REDIRECTS);
        }
        Object[] replies = new Object[commands.size()];
        return scatter(places, (line, indices) -> sendTo(line, pick(commands, indices), MOST_REDIRECTS), replies);
    }

    @Override
    public CompletionStage<Confirmed> sendConfirmed(RedisCommand command) {
        return confirm(nodes.confirming(command), List.of(command), MOST_REDIRECTS)
                .thenApply(Replies::checked);
    }

    /** The last of the commands is the one that counts; it and its confirmation go together to where it is executed. */
    private CompletableFuture<Confirmed> confirm(ConfirmingLine line, List<RedisCommand> commands, int redirects) {
        return line.send(commands).thenCompose(confirmed -> {
            Optional<Redirect> redirect =
                    redirects == 0 ? Optional.empty() : redirect(confirmed.reply(), line.server());
            if (redirect.isEmpty()) {
                return CompletableFuture.completedFuture(confirmed);
            }
            RedisCommand command = commands.get(commands.size() - 1);
            Redirect to = redirect.get();
            return confirm(
                    nodes.confirming(to.server),
                    to.asking ? List.of(ASKING, command) : List.of(command),
                    redirects - 1);
        });
    }

    /** Where the server wants it to go instead, if it says so. */
    private Optional<Redirect> redirect(@Nullable Object reply, Endpoint asked) {
        if (!(reply instanceof RedisError error)) {
            return Optional.empty();
        }
        boolean moved = error.code().equals("MOVED");
        if (!moved && !error.code().equals("ASK")) {
            return Optional.empty();
        }
        return Optional.of(new Redirect(moved ? nodes.moved(error, asked) : nodes.asked(error, asked), !moved));
    }

    @Override
    public void reconnect() {
        nodes.reconnect();
    }

    @Override
    public Traffic traffic() {
        return io.meter().now();
    }

    @Override
    public RedisLink open(LinkSpec spec) {
        byte[] key =
                spec.route().map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
        Line.Target target = key == null ? nodes::target : new SlotTarget(nodes, key);
        ReconnectingLink link = new ReconnectingLink(io, target, spec, links::remove);
        links.add(link);
        return link;
    }

    @Override
    public RedisLinks openToAll(LinkSpec spec, String probe) {
        MasterLinks all = new MasterLinks(io, nodes, spec, probe, linksToAll::remove);
        linksToAll.add(all);
        all.follow();
        return all;
    }

    private void slotsChanged() {
        links.forEach(ReconnectingLink::follow);
        linksToAll.forEach(MasterLinks::follow);
    }

    @Override
    public void close() {
        links.forEach(RedisLink::close);
        linksToAll.forEach(RedisLinks::close);
        nodes.close();
        io.close();
    }

    private CompletableFuture<List<Object>> sendTo(Line line, List<RedisCommand> commands, int redirects) {
        return whenUp(line, commands).thenCompose(replies -> follow(line.server(), commands, replies, redirects));
    }

    private CompletableFuture<List<Object>> whenUp(Line line, List<RedisCommand> commands) {
        if (line.firstUp().isDone()) {
            return line.send(commands);
        }
        return line.firstUp()
                .copy()
                .orTimeout(io.commandTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(e -> {
                    throw new UnavailableException("a new node of the cluster cannot be reached; command refused");
                })
                .thenCompose(up -> up.send(commands));
    }

    /** Sends what was redirected to where the server said; it was not executed. */
    private CompletableFuture<List<Object>> follow(
            Endpoint asked, List<RedisCommand> commands, List<Object> replies, int redirects) {
        Map<Redirect, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < replies.size(); i++) {
            Optional<Redirect> redirect = redirects == 0 ? Optional.empty() : redirect(replies.get(i), asked);
            if (redirect.isPresent()) {
                places.computeIfAbsent(redirect.get(), to -> new ArrayList<>()).add(i);
            }
        }
        if (places.isEmpty()) {
            return CompletableFuture.completedFuture(replies);
        }
        return scatter(
                places,
                (to, indices) -> {
                    Line line = nodes.line(to.server);
                    List<RedisCommand> again = pick(commands, indices);
                    return to.asking ? ask(line, again) : sendTo(line, again, redirects - 1);
                },
                replies.toArray());
    }

    private CompletableFuture<List<Object>> ask(Line line, List<RedisCommand> commands) {
        List<RedisCommand> asking = new ArrayList<>();
        for (RedisCommand command : commands) {
            asking.add(ASKING);
            asking.add(command);
        }
        return whenUp(line, asking).thenApply(replies -> {
            List<Object> answers = new ArrayList<>();
            for (int i = 1; i < replies.size(); i += 2) {
                answers.add(replies.get(i));
            }
            return answers;
        });
    }

    private interface Sender<T> {
        CompletableFuture<List<Object>> send(T to, List<Integer> indices);
    }

    private static <T> CompletableFuture<List<Object>> scatter(
            Map<T, List<Integer>> places, Sender<T> sender, Object[] replies) {
        List<CompletableFuture<Void>> parts = new ArrayList<>();
        places.forEach((to, indices) -> parts.add(sender.send(to, indices).thenAccept(part -> {
            for (int i = 0; i < indices.size(); i++) {
                replies[indices.get(i)] = part.get(i);
            }
        })));
        // Of the first part, so that whoever waits for all helps with its connection.
        CompletableFuture<Void> others =
                CompletableFuture.allOf(parts.subList(1, parts.size()).toArray(CompletableFuture[]::new));
        return parts.get(0).thenCombine(others, (one, rest) -> Arrays.asList(replies));
    }

    private static List<RedisCommand> pick(List<RedisCommand> commands, List<Integer> indices) {
        return indices.stream().map(commands::get).toList();
    }
}
