package io.covey.cluster.redis.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.Replies;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server sends in RESP3, however it is cut in pieces, into the values that {@link
 * io.covey.cluster.redis.driver.RedisDriver} describes. Not thread-safe.
 */
final class ReplyReader {
    private static final int CHUNK = 16 << 10;
    private static final int LONGEST_LINE = 1 << 20;
    private static final int MOST_PREPARED = 1024;
    private static final int LINE_END = 2;
    /** Of a verbatim text: its format and a colon come first. */
    private static final int FORMAT = 4;

    private static final byte[] NOTHING = {};
    private static final List<byte[]> KINDS =
            List.of("message".getBytes(US_ASCII), "pmessage".getBytes(US_ASCII), "smessage".getBytes(US_ASCII));
    private static final List<String> KIND_NAMES = List.of("message", "pmessage", "smessage");

    /** Hears what was read. */
    interface Sink {

        /** A reply, or an error as a value. */
        void onReply(@Nullable Object reply);

        /** A push; the elements are those behind its kind. */
        void onPush(String kind, List<@Nullable Object> elements);
    }

    /** A list that is not complete yet. */
    private static final class Open {
        private final byte type;
        private final @Nullable Open around;
        private final List<@Nullable Object> list;
        private @Nullable String kind;
        private long left;

        private Open(byte type, long size, @Nullable Open around) {
            this.type = type;
            this.around = around;
            this.left = size;
            this.list = new ArrayList<>((int) Math.min(size, MOST_PREPARED));
        }

        private boolean awaitsKind() {
            return type == '>' && kind == null;
        }
    }

    private final Sink sink;
    private byte[] buffer = new byte[CHUNK];
    private int at;
    private int end;
    private @Nullable Open open;

    /** A text of which a part is still to come; that goes straight to where it belongs. */
    private byte @Nullable [] text;

    private byte textType;
    private int textAt;

    /** The channel of the last message is most likely that of the next. */
    private byte[] channel = NOTHING;

    ReplyReader(Sink sink) {
        this.sink = sink;
    }

    /** Reads all that is there. Throws if the server does not speak RESP3. */
    void read(ByteBuf in) {
        while (in.isReadable()) {
            if (text != null) {
                fill(text, in);
            } else {
                take(in);
                parse();
            }
        }
    }

    private void fill(byte[] into, ByteBuf in) {
        int here = Math.max(0, Math.min(in.readableBytes(), into.length - textAt));
        in.readBytes(into, Math.min(textAt, into.length), here);
        int ends = Math.min(in.readableBytes(), into.length + LINE_END - textAt - here);
        in.skipBytes(ends);
        textAt += here + ends;
        if (textAt == into.length + LINE_END) {
            text = null;
            value(textual(textType, into));
        }
    }

    private void take(ByteBuf in) {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        if (end == buffer.length) {
            if (end >= LONGEST_LINE) {
                throw new IllegalStateException("the server sent a line of more than " + LONGEST_LINE + " bytes");
            }
            buffer = Arrays.copyOf(buffer, 2 * end);
        }
        int size = Math.min(in.readableBytes(), buffer.length - end);
        in.readBytes(buffer, end, size);
        end += size;
    }

    private void parse() {
        while (at < end) {
            int lineEnd = at + 1;
            while (lineEnd < end && buffer[lineEnd] != '\n') {
                lineEnd++;
            }
            if (lineEnd >= end) {
                return;
            }
            byte type = buffer[at];
            int from = at + 1;
            at = lineEnd + 1;
            line(type, from, lineEnd - 1);
        }
    }

    private void line(byte type, int from, int to) {
        switch (type) {
            case '$', '=', '!' -> text(type, number(from, to));
            case '*', '~', '>' -> list(type, number(from, to));
            case '%', '|' -> list(type, 2 * number(from, to));
            case ':' -> value(number(from, to));
            case '+', '(' -> value(Arrays.copyOfRange(buffer, from, to));
            case '-' -> value(textual((byte) '!', Arrays.copyOfRange(buffer, from, to)));
            case '_' -> value(null);
            case '#' -> value(buffer[from] == 't' ? 1L : 0L);
            case ',' -> value(Replies.number(real(new String(buffer, from, to - from, US_ASCII))));
            default -> throw new IllegalStateException("the server sent a reply of the unknown type " + type);
        }
    }

    private long number(int from, int to) {
        boolean negative = from < to && buffer[from] == '-';
        long number = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new IllegalStateException("the server sent a number that is none");
            }
            number = 10 * number + digit;
        }
        return negative ? -number : number;
    }

    private static double real(String number) {
        return switch (number) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "-nan" -> Double.NaN;
            default -> Double.parseDouble(number);
        };
    }

    private void text(byte type, long length) {
        if (length < 0) {
            value(null);
            return;
        }
        if (length > Integer.MAX_VALUE - FORMAT) {
            throw new IllegalStateException("the server sent a text of " + length + " bytes");
        }
        int size = (int) length;
        if (end - at >= size + LINE_END) {
            int from = at;
            at += size + LINE_END;
            value(whole(type, from, from + size));
            return;
        }
        byte[] begun = new byte[size];
        System.arraycopy(buffer, at, begun, 0, Math.min(size, end - at));
        textType = type;
        textAt = end - at;
        at = end;
        text = begun;
    }

    private @Nullable Object whole(byte type, int from, int to) {
        Open in = open;
        if (in != null && in.type == '>' && in.around == null) {
            if (in.kind == null) {
                for (int i = 0; i < KINDS.size(); i++) {
                    byte[] kind = KINDS.get(i);
                    if (Arrays.equals(buffer, from, to, kind, 0, kind.length)) {
                        return KIND_NAMES.get(i);
                    }
                }
            } else if (in.list.isEmpty()) {
                if (!Arrays.equals(buffer, from, to, channel, 0, channel.length)) {
                    channel = Arrays.copyOfRange(buffer, from, to);
                }
                return channel;
            }
        }
        return textual(type, Arrays.copyOfRange(buffer, from, to));
    }

    private static Object textual(byte type, byte[] text) {
        return switch (type) {
            case '!' -> new RedisError(new String(text, UTF_8));
            case '=' -> text.length < FORMAT ? text : Arrays.copyOfRange(text, FORMAT, text.length);
            default -> text;
        };
    }

    private void list(byte type, long size) {
        if (size < 0) {
            value(null);
        } else if (size == 0 && type != '|') {
            value(new ArrayList<>(0));
        } else if (size > 0) {
            open = new Open(type, size, open);
        }
    }

    private void value(@Nullable Object read) {
        Object value = read;
        for (Open in = open; in != null; in = open) {
            if (in.awaitsKind()) {
                in.kind = kind(value);
            } else {
                in.list.add(value);
            }
            if (--in.left > 0) {
                return;
            }
            open = in.around;
            if (in.type == '>') {
                sink.onPush(String.valueOf(in.kind), in.list);
                return;
            }
            if (in.type == '|') {
                // What it is about comes next.
                return;
            }
            value = in.list;
        }
        sink.onReply(value);
    }

    private static String kind(@Nullable Object first) {
        if (first instanceof String known) {
            return known;
        }
        if (first instanceof byte[] name) {
            return new String(name, UTF_8);
        }
        throw new IllegalStateException("the server sent a push without a name");
    }
}
