package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Names;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A directory's row as Redis holds it: the owner, a line feed, the data; and its note: the group, a line feed, the member. */
final class RowFrame {
    private RowFrame() {}

    static String checked(String what, String name) {
        if (name.isEmpty() || name.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(
                    "The " + what + " of a row must be one line, was \"" + Names.printable(name) + "\"");
        }
        return name;
    }

    static byte[] of(Row row) {
        byte[] owner = row.owner().getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[owner.length + 1 + row.data().length];
        ByteBuffer.wrap(frame).put(owner).put((byte) '\n').put(row.data());
        return frame;
    }

    static String note(String group, String member) {
        return group + "\n" + member;
    }

    static String group(String note) {
        return note.substring(0, note.indexOf('\n'));
    }

    static Row read(String note, byte[] frame) {
        int end = note.indexOf('\n');
        return read(note.substring(0, end), note.substring(end + 1), frame);
    }

    static Row read(String group, String member, byte[] frame) {
        for (int i = 0; i < frame.length; i++) {
            if (frame[i] == '\n') {
                String owner = new String(frame, 0, i, StandardCharsets.UTF_8);
                return new Row(group, member, owner, Arrays.copyOfRange(frame, i + 1, frame.length));
            }
        }
        throw new CodecException("The row " + Names.printable(member) + " of " + Names.printable(group)
                + " is not one of this version; it stays until it is overwritten or removed");
    }
}
