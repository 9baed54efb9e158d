package io.covey.cluster.redis;

import io.covey.cluster.spi.EarlierAttempt;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.QueueState;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes to turn.lua and what comes back. */
final class TurnScript {
    private static final Logger LOG = LoggerFactory.getLogger(TurnScript.class);
    private static final Script SCRIPT = Script.of("task/turn", "gaps", "task/lib");
    private static final Status[] STATUS = Status.values();
    private static final int FIRST = 10;
    private static final int WORDS = 5;
    private static final int STRANGE = 8;
    private static final int MOST_KNOWN = 10_000;

    private static final int PAUSE = 9;
    private static final int FLAGS = 10;
    private static final int ALL_KEYS = 4;
    private static final int ROLLED_BACK = 5;

    private final Redis redis;
    private final TaskKeys keys;
    private final Admission admission;
    private final Set<String> full = ConcurrentHashMap.newKeySet();
    private final Set<String> strange = ConcurrentHashMap.newKeySet();

    TurnScript(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
        this.admission = new Admission(redis, keys);
    }

    CompletionStage<List<TurnAnswer>> send(List<Turn> turns) {
        CompletionStage<List<TurnAnswer>> answers = ask(turns.stream()
                .map(turn -> question(turn, full.contains(turn.queue())))
                .toList());
        return answers.thenCompose(all -> admission.judge(turns, all));
    }

    private CompletionStage<List<TurnAnswer>> ask(List<Question> questions) {
        return redis.runAll(questions.stream().map(Question::call).toList()).thenCompose(replies -> {
            Replies.failOnError(replies);
            TurnAnswer[] answers = new TurnAnswer[questions.size()];
            List<Question> again = new ArrayList<>();
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < answers.length; i++) {
                Question question = questions.get(i);
                List<Object> reply = Replies.list(replies.get(i));
                if (Replies.number(reply.get(0)) == ALL_KEYS) {
                    again.add(question(question.turn(), true));
                    places.add(i);
                    remember(question.turn().queue());
                } else {
                    answers[i] = answer(question, reply);
                }
            }
            if (again.isEmpty()) {
                return CompletableFuture.completedStage(List.of(answers));
            }
            return ask(again).thenApply(late -> {
                for (int i = 0; i < places.size(); i++) {
                    answers[places.get(i)] = late.get(i);
                }
                return List.of(answers);
            });
        });
    }

    private void remember(String queue) {
        if (full.size() >= MOST_KNOWN) {
            full.clear();
        }
        full.add(queue);
    }

    /**
     * A turn on its way.
     *
     * @param turn what was asked
     * @param places where each code of the answer belongs in the turn's settlements
     * @param call what is sent
     */
    record Question(Turn turn, int[] places, Script.Call call) {}

    /** Fence 0 is nobody's, and what is no fence must match none. */
    static String fence(long fence) {
        return fence > 0 ? Long.toString(fence) : "none";
    }

    private Question question(Turn turn, boolean all) {
        List<Settlement> settlements = turn.settlements();
        int[] places = new int[settlements.size()];
        List<Object> args = new ArrayList<>(FIRST + 4 * settlements.size());
        args.add(RedisTaskBroker.gap(turn.lease()));
        args.add(turn.call().lane());
        args.add(turn.call().seq());
        args.add(turn.owner());
        args.add(turn.lease().toMillis());
        args.add(turn.limit());
        args.add(turn.solo() ? 1 : 0);
        args.add(turn.maxDeliveries());
        args.add(0);
        args.add(0);
        TurnRiders riders = new TurnRiders(keys, turn.queue());
        // what is simply done comes first, in a shorter form; but only the long form keeps the order of one id's
        boolean brief = distinct(settlements);
        int next = 0;
        for (int i = 0; brief && i < places.length; i++) {
            Settlement one = settlements.get(i);
            if (one.outcome() instanceof Outcome.Done) {
                args.add(one.id());
                args.add(fence(one.fence()));
                places[next++] = i;
                riders.add(next, one);
            }
        }
        args.set(FIRST - 2, next);
        args.set(FIRST - 1, places.length - next);
        for (int i = 0; i < places.length; i++) {
            Settlement one = settlements.get(i);
            if (!brief || !(one.outcome() instanceof Outcome.Done)) {
                args.add(one.id());
                args.add(fence(one.fence()));
                outcome(turn.queue(), one.outcome(), args);
                places[next++] = i;
                riders.add(next, one);
            }
        }
        args.addAll(riders.args());
        return new Question(turn, places, SCRIPT.call(riders.names(all), args.toArray()));
    }

    private static boolean distinct(List<Settlement> settlements) {
        Set<String> ids = new HashSet<>(settlements.size() * 2);
        return settlements.stream().allMatch(one -> ids.add(one.id()));
    }

    private static void outcome(String queue, Outcome outcome, List<Object> args) {
        if (outcome instanceof Outcome.Retry retry) {
            args.add("r");
            args.add(delay(retry.delay()) + " " + retry.error());
        } else if (outcome instanceof Outcome.Fail fail) {
            args.add("f");
            args.add(FailedEntry.write(queue, fail.failure()));
        } else {
            args.add(outcome instanceof Outcome.Release ? "l" : "d");
            args.add("");
        }
    }

    private static long delay(Duration delay) {
        return delay.isNegative() || delay.isZero() ? 0 : Times.millis(delay);
    }

    private TurnAnswer answer(Question question, List<Object> reply) {
        Turn turn = question.turn();
        int code = (int) Replies.number(reply.get(0));
        Status status = code == ROLLED_BACK ? Status.OK : STATUS[code];
        long fence = Replies.number(reply.get(1));
        String flags = reply.size() > FLAGS ? Replies.text(reply.get(FLAGS)) : "";
        boolean own = flags.contains("o");
        QueueState state = new QueueState(
                Replies.number(reply.get(2)),
                Replies.number(reply.get(3)),
                Replies.text(reply.get(4)),
                Duration.ofMillis(reply.size() > PAUSE ? Replies.number(reply.get(PAUSE)) : 0),
                flags.contains("c"));
        List<Settled> settled = settled(question.places(), Replies.text(reply.get(5)));
        List<Object> fresh = Replies.list(reply.get(6));
        List<Object> others = Replies.list(reply.get(7));
        List<Lease> leases = new ArrayList<>(fresh.size() + others.size() / WORDS);
        for (int i = 0; i < others.size(); i += WORDS) {
            leases.add(lease(
                    turn.queue(),
                    own,
                    Replies.text(others.get(i)),
                    others.get(i + 1),
                    fence,
                    (int) Replies.number(others.get(i + 2)),
                    (int) Replies.number(others.get(i + 3)),
                    EarlierAttempts.read(Replies.bytes(others.get(i + 4)))));
        }
        String prefix = turn.call().lane() + "." + turn.call().seq() + ".";
        for (int i = 0; i < fresh.size(); i++) {
            leases.add(lease(turn.queue(), own, prefix + (i + 1), fresh.get(i), fence, 1, 1, List.of()));
        }
        if (reply.size() > STRANGE && Replies.bytes(reply.get(STRANGE)).length > 0 && strange.add(turn.queue())) {
            LOG.atWarn()
                    .addKeyValue("event", "queue.foreign")
                    .log(
                            "{} is no list, another fleet (jesque?) keeps something else there: nothing new is claimed from queue {} until it is gone ({})",
                            keys.queue(turn.queue()).list(),
                            turn.queue(),
                            Replies.text(reply.get(STRANGE)));
        }
        return new TurnAnswer(status, settled, leases, state, code == ROLLED_BACK);
    }

    private static Lease lease(
            String queue,
            boolean own,
            String id,
            Object raw,
            long fence,
            int deliveries,
            int attempt,
            List<EarlierAttempt> earlier) {
        Content content = ResqueJob.read(Replies.bytes(raw)).content();
        return new Lease(queue, id, own ? content : ResqueJob.shared(content), fence, deliveries, attempt, earlier);
    }

    private static List<Settled> settled(int[] places, String codes) {
        if (codes.isEmpty()) {
            return List.of();
        }
        Settled[] settled = new Settled[places.length];
        for (int i = 0; i < places.length; i++) {
            settled[places[i]] = switch (codes.charAt(i)) {
                case '1' -> Settled.DONE;
                case '0' -> Settled.FENCED;
                default -> Settled.UNKNOWN;
            };
        }
        return List.of(settled);
    }
}
