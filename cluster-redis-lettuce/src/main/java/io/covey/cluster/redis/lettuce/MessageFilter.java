package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisConnection;
import io.lettuce.core.protocol.CommandHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the messages of pub/sub out of what the server sends and hands them on; what Lettuce makes of each costs more than
 * all else on its way. Everything else goes through as it is, and on a connection that subscribes to nothing all of it.
 * All on the connection's thread.
 */
final class MessageFilter extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MessageFilter.class);
    private static final String[] KINDS = {"message", "pmessage", "smessage"};
    private static final int MOST_ELEMENTS = 4;
    private static final int MOST_DIGITS = 9;

    private static final int INCOMPLETE = -1;
    private static final int OTHER = -2;

    private final ReplyScan scan = new ReplyScan();
    /** Where the elements of the push under way begin and how long they are. */
    private final int[] begins = new int[MOST_ELEMENTS];

    private final int[] lengths = new int[MOST_ELEMENTS];
    private int at;
    private RedisConnection.@Nullable Listener listener;
    /** Begins with a message that is not complete yet. */
    private @Nullable ByteBuf held;

    private @Nullable ByteBuf joined;

    /** Puts one before what decodes replies. */
    static void into(Channel channel) {
        String decoder = channel.pipeline().context(CommandHandler.class).name();
        channel.pipeline().addBefore(decoder, "covey-messages", new MessageFilter());
    }

    /** Begins with the command that says so: no reply is under way then, so that what comes next begins one. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        Object first = message instanceof Collection<?> commands && !commands.isEmpty()
                ? commands.iterator().next()
                : message;
        if (first instanceof LettuceBatch.Item item && item.pushesTo() != null) {
            listener = item.pushesTo();
        }
        context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        RedisConnection.Listener hears = listener;
        if (hears == null || !(message instanceof ByteBuf come)) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf in = join(come);
        try {
            filter(context, in, hears);
        } finally {
            in.release();
        }
    }

    private ByteBuf join(ByteBuf come) {
        joined = held;
        if (joined == null) {
            return come;
        }
        held = null;
        joined.writeBytes(come);
        come.release();
        return joined;
    }

    private void filter(ChannelHandlerContext context, ByteBuf in, RedisConnection.Listener hears) {
        int begin = in.readerIndex();
        while (in.isReadable()) {
            int push = in.readerIndex();
            int count = scan.betweenReplies() && in.getByte(push) == '>' ? elements(in) : OTHER;
            if (count == OTHER) {
                scan.skip(in);
                continue;
            }
            pass(context, in, begin, push);
            if (count == INCOMPLETE) {
                hold(context, in);
                return;
            }
            in.readerIndex(at);
            begin = at;
            push(in, count, hears);
        }
        pass(context, in, begin, in.readerIndex());
    }

    /** A large message comes in many pieces: what waits for the next of them is not copied for each. */
    private void hold(ChannelHandlerContext context, ByteBuf in) {
        held = in == joined && in.readerIndex() == 0
                ? in.retain()
                : context.alloc().buffer(2 * in.readableBytes()).writeBytes(in);
    }

    private static void pass(ChannelHandlerContext context, ByteBuf in, int from, int to) {
        if (from < to) {
            context.fireChannelRead(in.retainedSlice(from, to - from));
        }
    }

    private void push(ByteBuf in, int count, RedisConnection.Listener hears) {
        List<Object> elements = new ArrayList<>(count - 1);
        for (int i = 1; i < count; i++) {
            byte[] bytes = new byte[lengths[i]];
            in.getBytes(begins[i], bytes);
            elements.add(bytes);
        }
        try {
            hears.onPush(kind(in), elements);
        } catch (RuntimeException e) {
            LOG.warn("A message was not taken; the next ones come", e);
        }
    }

    /** Finds the elements of a message; {@link #OTHER} for a push of another kind. */
    private int elements(ByteBuf in) {
        at = in.readerIndex();
        int count = number(in);
        if (count == INCOMPLETE) {
            return INCOMPLETE;
        }
        if (count < 3 || count > MOST_ELEMENTS) {
            return OTHER;
        }
        for (int i = 0; i < count; i++) {
            if (at == in.writerIndex()) {
                return INCOMPLETE;
            }
            if (in.getByte(at) != '$') {
                return OTHER;
            }
            int length = number(in);
            if (length < 0) {
                return length;
            }
            begins[i] = at;
            lengths[i] = length;
            if (in.writerIndex() - at < length + 2) {
                return INCOMPLETE;
            }
            at += length + 2;
            if (i == 0 && kind(in) == null) {
                return OTHER;
            }
        }
        return count;
    }

    /** Reads the number of a line behind its type, and goes on to the next line. */
    private int number(ByteBuf in) {
        int number = 0;
        int end = in.writerIndex();
        for (int i = at + 1; i < end; i++) {
            byte next = in.getByte(i);
            if (next == '\r') {
                if (i + 1 == end) {
                    return INCOMPLETE;
                }
                at = i + 2;
                return number;
            }
            if (next < '0' || next > '9' || i - at > MOST_DIGITS) {
                return OTHER;
            }
            number = 10 * number + next - '0';
        }
        return INCOMPLETE;
    }

    private @Nullable String kind(ByteBuf in) {
        for (String kind : KINDS) {
            if (is(in, kind)) {
                return kind;
            }
        }
        return null;
    }

    private boolean is(ByteBuf in, String kind) {
        if (lengths[0] != kind.length()) {
            return false;
        }
        for (int i = 0; i < kind.length(); i++) {
            if (in.getByte(begins[0] + i) != kind.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ReferenceCountUtil.release(held);
        held = null;
    }
}
