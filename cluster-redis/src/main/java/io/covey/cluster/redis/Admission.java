package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the claim cannot know of tasks that came through the list, since it does not read them: the key of those that were
 * given back, run again after they failed or came from elsewhere, and while tasks shall be stopped, by which id. They are
 * judged right after the claim; the trip is only made where there are such tasks. So are those whose owner died, perhaps
 * before they were judged.
 */
final class Admission {
    private static final Script SCRIPT = Script.of("task/admit", "gaps", "task/lib");

    private final Redis redis;
    private final TaskKeys keys;

    Admission(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** The answers without the leases that had to be given back to their keys. */
    CompletionStage<List<TurnAnswer>> judge(List<Turn> turns, List<TurnAnswer> answers) {
        List<Script.Call> calls = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at < answers.size(); at++) {
            Turn turn = turns.get(at);
            String prefix = turn.call().lane() + "." + turn.call().seq() + ".";
            List<Object> args = new ArrayList<>(List.of(RedisTaskBroker.gap(turn.lease())));
            for (Lease lease : answers.get(at).leases()) {
                if (cameUnread(prefix, answers.get(at), lease)) {
                    args.add(lease.id());
                    args.add(TurnScript.fence(lease.fence()));
                    Content.Readable task = (Content.Readable) lease.content();
                    args.add(task.key().orElse(""));
                    args.add(task.id().orElse(lease.id()));
                }
            }
            if (args.size() > 1) {
                calls.add(SCRIPT.call(keys.queue(turn.queue()).full(), args.toArray()));
                places.add(at);
            }
        }
        if (calls.isEmpty()) {
            return CompletableFuture.completedStage(answers);
        }
        return redis.runAll(calls).thenApply(replies -> {
            Replies.failOnError(replies);
            List<TurnAnswer> judged = new ArrayList<>(answers);
            for (int i = 0; i < replies.size(); i++) {
                int at = places.get(i);
                Turn turn = turns.get(at);
                String codes = Replies.text(Replies.list(replies.get(i)).get(0));
                judged.set(
                        at,
                        without(
                                answers.get(at),
                                turn.call().lane() + "." + turn.call().seq() + ".",
                                codes));
            }
            return List.copyOf(judged);
        });
    }

    private static boolean cameUnread(String prefix, TurnAnswer answer, Lease lease) {
        boolean unjudged = lease.id().startsWith(prefix) || lease.deliveries() > 1;
        return lease.content() instanceof Content.Readable task
                && (unjudged && task.key().isPresent()
                        || answer.state().cancelling() && task.id().isPresent());
    }

    private static TurnAnswer without(TurnAnswer answer, String prefix, String codes) {
        List<Lease> kept = new ArrayList<>();
        int next = 0;
        for (Lease lease : answer.leases()) {
            if (!cameUnread(prefix, answer, lease) || codes.charAt(next++) == '1') {
                kept.add(lease);
            }
        }
        return new TurnAnswer(answer.status(), answer.settled(), kept, answer.state(), answer.rolledBack());
    }
}
