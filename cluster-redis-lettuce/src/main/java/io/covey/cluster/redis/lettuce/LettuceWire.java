package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.Reason;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection. While Lettuce connects, secures the connection and logs in, all goes through. From {@link
 * TakeOver} on nothing does: what Lettuce makes of each command and each message costs more than all else on its way.
 */
final class LettuceWire extends ChannelDuplexHandler {
    /** What is longer is sent in pieces. */
    private static final int LONG = 256 << 10;

    private static final int PIECE = 64 << 10;

    private final Queue<ByteBuf> unsent = new ArrayDeque<>();
    private @Nullable User user;
    private @Nullable ChannelHandlerContext below;

    /** Who reads and writes. All on the connection's thread. */
    interface User {
        void onTaken(LettuceWire wire);

        /** Bytes came; they are let go afterwards. What it throws ends the connection. */
        void onBytes(ByteBuf in);

        void onEnd(String reason);
    }

    /** Sent through Lettuce, it says who uses the connection from here on. It never gets to the server. */
    static final class TakeOver extends Command<byte[], byte[], String> {
        private final User by;

        TakeOver(User by) {
            super(CommandType.PING, new StatusOutput<>(ByteArrayCodec.INSTANCE));
            this.by = by;
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            by.onEnd(reason(failure));
            return super.completeExceptionally(failure);
        }

        @Override
        public void cancel() {
            by.onEnd("closed by the server");
            super.cancel();
        }
    }

    /** Puts one before what decodes replies. */
    static void into(Channel channel) {
        String decoder = channel.pipeline().context(CommandHandler.class).name();
        channel.pipeline().addBefore(decoder, "covey-wire", new LettuceWire());
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof TakeOver takeOver)) {
            context.write(message, promise);
            return;
        }
        promise.setSuccess();
        below = context.pipeline().context(CommandEncoder.class);
        user = takeOver.by;
        user.onTaken(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        User reads = user;
        if (reads == null || !(message instanceof ByteBuf in)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            reads.onBytes(in);
        } finally {
            ReferenceCountUtil.release(in);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        unsent.forEach(ReferenceCountUtil::release);
        unsent.clear();
        if (user != null) {
            user.onEnd("closed by the server");
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (user == null) {
            context.fireExceptionCaught(failure);
        } else {
            user.onEnd(reason(failure));
        }
    }

    static String reason(Throwable failure) {
        return failure instanceof ClosedChannelException ? "closed" : Reason.of(failure);
    }

    /** Runs something on the connection's thread, after what that is at. Any thread. */
    void execute(Runnable task) {
        below.channel().eventLoop().execute(task);
    }

    ByteBuf buffer(int size) {
        return below.alloc().ioBuffer(size);
    }

    /**
     * What is long is sent in pieces, and what comes is read in between. TLS encrypts all it is given before it reads again,
     * and a server that has more to answer than is taken in may break the connection: Redis 7.0 logs {@code bad length}.
     */
    void send(ByteBuf out) {
        if (unsent.isEmpty() && out.readableBytes() <= LONG) {
            pass(out);
            return;
        }
        unsent.add(out);
        if (unsent.size() == 1) {
            sendPiece();
        }
    }

    private void sendPiece() {
        ByteBuf next = unsent.peek();
        if (next == null) {
            return;
        }
        ChannelFuture sent = pass(next.readableBytes() > PIECE ? next.readRetainedSlice(PIECE) : unsent.remove());
        if (!unsent.isEmpty()) {
            // A task that is executed, not scheduled, would be run before anything is read.
            sent.addListener(done -> below.channel().eventLoop().schedule(this::sendPiece, 0, TimeUnit.NANOSECONDS));
        }
    }

    private ChannelFuture pass(ByteBuf out) {
        return below.writeAndFlush(out).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
