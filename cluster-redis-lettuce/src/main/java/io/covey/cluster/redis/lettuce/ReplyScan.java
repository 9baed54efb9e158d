package io.covey.cluster.redis.lettuce;

import io.netty.buffer.ByteBuf;

/** Finds where replies of RESP3 end, however they are cut in pieces. Reads nothing of what is in them. */
final class ReplyScan {
    private static final int LINE_END = 2;

    /** How many elements of the present reply are still to come, that under way among them. */
    private long elements;

    /** How many bytes of a text are still to come. */
    private long bytes;

    private boolean inLine;
    private byte type;
    private long number;
    private boolean negative;

    /** Whether what comes next is the first byte of a reply. */
    boolean betweenReplies() {
        return elements == 0;
    }

    /** Skips to the end of one reply, or of what is there of it. */
    void skip(ByteBuf in) {
        while (in.isReadable()) {
            if (bytes > 0) {
                int here = (int) Math.min(bytes, in.readableBytes());
                in.skipBytes(here);
                bytes -= here;
                if (bytes == 0) {
                    elements--;
                }
            } else if (inLine) {
                line(in.readByte());
            } else {
                elements = Math.max(1, elements);
                type = in.readByte();
                inLine = true;
                number = 0;
                negative = false;
                continue;
            }
            if (elements == 0) {
                return;
            }
        }
    }

    private void line(byte next) {
        if (next == '-') {
            negative = true;
        } else if (next >= '0' && next <= '9') {
            number = 10 * number + next - '0';
        } else if (next == '\n') {
            inLine = false;
            lineEnded();
        }
    }

    private void lineEnded() {
        switch (type) {
            case '$', '=', '!' -> {
                if (negative) {
                    elements--;
                } else {
                    bytes = number + LINE_END;
                }
            }
            case '*', '~', '>' -> elements += negative ? -1 : number - 1;
            case '%' -> elements += negative ? -1 : 2 * number - 1;
            // Attributes come before what they belong to.
            case '|' -> elements += 2 * number;
            default -> elements--;
        }
    }
}
