package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.RedisError;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Commands that are written together, and their replies. One future for the batch, since each costs microseconds. */
final class LettuceBatch {
    private static final CommandArgs<byte[], byte[]> NO_ARGS = new CommandArgs<>(ByteArrayCodec.INSTANCE);

    private final List<Item> items;
    private final Object[] replies;
    private final AtomicInteger open;
    private final CompletableFuture<List<Object>> answer = new CompletableFuture<>();
    private final Runnable onAnswered;
    private final Consumer<String> onFailure;

    /**
     * @param onAnswered called when the last reply is there, before whoever waits for them hears of it
     * @param onFailure called when there will be none, with the reason
     */
    LettuceBatch(List<RedisCommand> commands, Runnable onAnswered, Consumer<String> onFailure) {
        this.onAnswered = onAnswered;
        this.onFailure = onFailure;
        items = new ArrayList<>(commands.size());
        replies = new Object[commands.size()];
        open = new AtomicInteger(commands.size());
        for (RedisCommand command : commands) {
            items.add(new Item(command, items.size()));
        }
    }

    List<Item> commands() {
        return items;
    }

    CompletableFuture<List<Object>> answer() {
        return answer;
    }

    /** One command. Lettuce completes it once, on the thread of the connection. */
    final class Item extends Command<byte[], byte[], Object> {
        private final Keyword keyword;
        private final List<byte[]> args;
        private final int index;

        private RedisConnection.@Nullable Listener pushesTo;

        private Item(RedisCommand command, int index) {
            this(command, index, Keyword.of(command.name()));
        }

        private Item(RedisCommand command, int index, Keyword keyword) {
            super(keyword, new AnyOutput(), NO_ARGS);
            this.keyword = keyword;
            this.args = command.args();
            this.index = index;
        }

        boolean unanswered() {
            return keyword.unanswered();
        }

        /** Who is to hear what is pushed from this command on, if that changes with it. */
        RedisConnection.@Nullable Listener pushesTo() {
            return pushesTo;
        }

        void pushesTo(RedisConnection.Listener listener) {
            pushesTo = listener;
        }

        @Override
        public void encode(ByteBuf buffer) {
            keyword.encode(args, buffer);
        }

        @Override
        public void complete() {
            super.complete();
            Object reply = getOutput().get();
            if (keyword.unanswered() && reply instanceof RedisError error) {
                // What follows, the answer to its PING among it, cannot be told from the answers to the next commands.
                replies[index] = error;
                answer.complete(Arrays.asList(replies));
                onFailure.accept(error.message());
                return;
            }
            replies[index] = keyword.unanswered() ? null : reply;
            if (open.decrementAndGet() == 0) {
                onAnswered.run();
                answer.complete(Arrays.asList(replies));
            }
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            onFailure.accept(String.valueOf(failure.getMessage()));
            return super.completeExceptionally(failure);
        }

        @Override
        public void cancel() {
            super.cancel();
            onFailure.accept("cancelled");
        }
    }
}
