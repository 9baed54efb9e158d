package io.covey.cluster.core.cache;

import io.covey.cluster.CodecException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the store holds for a key: six bytes, of which the highest four bits say what it is and the others when it was
 * written, in milliseconds since 1970 by the backend's clock as the writer knew it; and the bytes of the value.
 *
 * @param written when
 * @param value the encoded value; empty if it is remembered that there is none
 */
record Cell(Instant written, Optional<byte[]> value) {
    private static final int HEAD = 6;
    private static final int VALUE = 0;
    private static final int ABSENT = 1;
    private static final int TIME_BITS = 44;
    private static final long TIME = (1L << TIME_BITS) - 1;

    static byte[] of(Instant now, byte[] value) {
        byte[] cell = new byte[HEAD + value.length];
        head(cell, VALUE, now);
        System.arraycopy(value, 0, cell, HEAD, value.length);
        return cell;
    }

    /** How long the cell of a value is at most. */
    static int longest(int value) {
        return HEAD + value;
    }

    static byte[] absent(Instant now) {
        byte[] cell = new byte[HEAD];
        head(cell, ABSENT, now);
        return cell;
    }

    /** Of whatever bytes. */
    static boolean isAbsent(byte[] cell) {
        return kind(cell) == ABSENT;
    }

    /** Whether it is a value of these bytes. */
    static boolean holds(byte[] cell, byte[] value) {
        return kind(cell) == VALUE && Arrays.equals(cell, HEAD, cell.length, value, 0, value.length);
    }

    private static int kind(byte[] cell) {
        return cell.length < HEAD ? -1 : (cell[0] & 0xff) >>> 4;
    }

    private static void head(byte[] cell, int kind, Instant now) {
        long head = (long) kind << TIME_BITS | now.toEpochMilli() & TIME;
        ByteBuffer.wrap(cell).putShort((short) (head >>> Integer.SIZE)).putInt((int) head);
    }

    /**
     * @param where for the message
     * @throws CodecException if it is no cell
     */
    static Cell read(Supplier<String> where, byte[] cell) {
        int kind = kind(cell);
        if (kind != VALUE && kind != ABSENT) {
            throw new CodecException(
                    where.get() + ": these " + cell.length
                            + " bytes are no value of a cache of this version; they stay until they are overwritten or removed");
        }
        ByteBuffer bytes = ByteBuffer.wrap(cell);
        long head = (bytes.getShort() & 0xffffL) << Integer.SIZE | bytes.getInt() & 0xffffffffL;
        return new Cell(
                Instant.ofEpochMilli(head & TIME),
                kind == ABSENT ? Optional.empty() : Optional.of(Arrays.copyOfRange(cell, HEAD, cell.length)));
    }
}
