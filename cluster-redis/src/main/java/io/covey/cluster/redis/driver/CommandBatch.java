package io.covey.cluster.redis.driver;

import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Commands that a connection writes together, and their replies as they come. For those who write a {@link RedisConnection}.
 */
public final class CommandBatch {
    private final List<RedisCommand> commands;
    private final @Nullable Object[] replies;
    private final CompletableFuture<List<@Nullable Object>> answer;
    private int taken;

    /**
     * None of them is written yet.
     *
     * @param commands at least one
     * @param answer completed when the last reply is taken
     */
    public CommandBatch(List<RedisCommand> commands, CompletableFuture<List<@Nullable Object>> answer) {
        this.commands = commands;
        this.replies = new Object[commands.size()];
        this.answer = answer;
    }

    /**
     * What is to be written.
     *
     * @return in this order
     */
    public List<RedisCommand> commands() {
        return commands;
    }

    /**
     * What its sender awaits.
     *
     * @return as {@link RedisConnection#send} describes it
     */
    public CompletableFuture<List<@Nullable Object>> answer() {
        return answer;
    }

    /**
     * Gives a reply to the oldest of those in flight, and the sender of that its answer if it was the last. Runs what is attached
     * to the answer.
     *
     * @param inFlight written and not answered yet, the oldest first; loses what is answered
     * @param reply a value, an error among them; to a command that only pushes answer that to the {@code PING} sent along
     * @param allAnswered is run when nothing is in flight any more, before the sender of the last hears of it
     * @return why the connection is of no use any more, in one line, or null
     */
    public static @Nullable String take(Queue<CommandBatch> inFlight, @Nullable Object reply, Runnable allAnswered) {
        CommandBatch oldest = inFlight.peek();
        if (oldest == null) {
            return "an answer to no command";
        }
        boolean confirmed =
                RedisCommand.onlyPushesAnswer(oldest.commands.get(oldest.taken).name());
        if (confirmed && reply instanceof RedisError error) {
            // The answer to the PING behind it comes as well, so that no reply can be told from another any more.
            oldest.replies[oldest.taken] = error;
            oldest.complete();
            return error.message();
        }
        oldest.replies[oldest.taken++] = confirmed ? null : reply;
        if (oldest.taken == oldest.replies.length) {
            inFlight.remove();
            if (inFlight.isEmpty()) {
                allAnswered.run();
            }
            oldest.complete();
        }
        return null;
    }

    private void complete() {
        answer.complete(Arrays.asList(replies));
    }
}
