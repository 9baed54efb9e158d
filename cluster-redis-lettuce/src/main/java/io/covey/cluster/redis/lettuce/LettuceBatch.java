package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Commands that are written together, and their replies. One future for the batch, since each costs microseconds. */
final class LettuceBatch {
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<Item> items;
    private final Object[] replies;
    private final AtomicInteger open;
    private final CompletableFuture<List<Object>> answer = new CompletableFuture<>();
    private final Consumer<String> onFailure;

    LettuceBatch(List<RedisCommand> commands, Consumer<String> onFailure) {
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

    private record Keyword(String word, byte[] getBytes) implements ProtocolKeyword {
        @Override
        public String toString() {
            return word;
        }
    }

    /** One command. Lettuce completes it once, on the thread of the connection. */
    final class Item extends Command<byte[], byte[], Object> {
        private final int index;
        private final boolean unanswered;

        private Item(RedisCommand command, int index) {
            super(
                    new Keyword(command.name(), command.name().getBytes(StandardCharsets.UTF_8)),
                    new AnyOutput(),
                    new CommandArgs<>(ByteArrayCodec.INSTANCE));
            this.index = index;
            this.unanswered = command.name().toUpperCase(Locale.ROOT).endsWith("SUBSCRIBE");
            command.args().forEach(getArgs()::add);
        }

        /** A command answered by pushes alone takes a PING along, whose answer stands for its own. */
        @Override
        public void encode(ByteBuf buffer) {
            super.encode(buffer);
            if (unanswered) {
                buffer.writeBytes(PING);
            }
        }

        @Override
        public void complete() {
            super.complete();
            Object reply = getOutput().get();
            if (unanswered && reply instanceof RedisError error) {
                onFailure.accept(error.message());
                return;
            }
            replies[index] = unanswered ? null : reply;
            if (open.decrementAndGet() == 0) {
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
