package io.covey.cluster.redis.driver;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Commands that a connection writes together, and their replies as they come. For those who write a {@link RedisConnection}:
 * it hands each reply to the oldest batch that awaits one. One thread at a time.
 */
public final class CommandBatch {
    private final List<RedisCommand> commands;
    private final @Nullable Object[] replies;
    private final CompletableFuture<List<@Nullable Object>> answer;
    private int taken;

    /** How it stands with a batch after a reply. */
    public enum Progress {
        /** More replies come. */
        OPEN,
        /** That was the last. */
        COMPLETE,
        /**
         * That was an error to a command which only pushes answer: the answer to the {@code PING} behind it comes as well, so that
         * no reply can be told from another any more, and the connection is of no use.
         */
        MIXED_UP
    }

    /**
     * None of them is written yet.
     *
     * @param commands at least one
     * @param answer what {@link #complete} completes
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
     * Takes the next reply, of commands that only pushes answer that to the {@code PING} sent along.
     *
     * @param reply a value, an error among them
     * @return how it stands now
     */
    public Progress take(@Nullable Object reply) {
        boolean confirmed = RedisCommand.onlyPushesAnswer(commands.get(taken).name());
        if (confirmed && reply instanceof RedisError) {
            replies[taken] = reply;
            return Progress.MIXED_UP;
        }
        replies[taken++] = confirmed ? null : reply;
        return taken == replies.length ? Progress.COMPLETE : Progress.OPEN;
    }

    /** Gives the sender what was taken. Runs what is attached to the answer. */
    public void complete() {
        answer.complete(Arrays.asList(replies));
    }
}
