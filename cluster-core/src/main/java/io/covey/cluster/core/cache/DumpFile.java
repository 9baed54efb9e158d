package io.covey.cluster.core.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.Names;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A dump as bytes: {@code COVEYDMP}, the version of the format, the cache's name; a record for each entry, each with a
 * CRC-32C of its own; the number of records, and the SHA-256 of all before. Numbers are big-endian.
 */
final class DumpFile {
    static final int VERSION = 1;
    private static final byte[] MAGIC = "COVEYDMP".getBytes(UTF_8);
    private static final int RECORD = 1;
    private static final int END = 0;
    private static final int LONGEST_TEXT = 1024;

    private DumpFile() {}

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /**
     * One entry.
     *
     * @param key its key in the cache
     * @param expires when, in milliseconds since 1970 by the backend's clock; 0 for never
     * @param cell what the store holds
     */
    record Record(String key, long expires, byte[] cell) {

        int crc() {
            CRC32C crc = new CRC32C();
            crc.update(key.getBytes(UTF_8));
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                crc.update((int) (expires >>> shift) & 0xff);
            }
            crc.update(cell);
            return (int) crc.getValue();
        }
    }

    /** Writes records one by one. */
    static final class Writer {
        private final MessageDigest digest = sha256();
        private final DataOutputStream out;
        private long count;

        Writer(OutputStream file, String cache) throws IOException {
            this.out = new DataOutputStream(new DigestOutputStream(file, digest));
            out.write(MAGIC);
            out.writeInt(VERSION);
            text(cache);
        }

        void write(Record record) throws IOException {
            out.writeByte(RECORD);
            text(record.key());
            out.writeLong(record.expires());
            out.writeInt(record.cell().length);
            out.write(record.cell());
            out.writeInt(record.crc());
            count++;
        }

        /** Once, at the end. */
        long end() throws IOException {
            out.writeByte(END);
            out.writeLong(count);
            out.write(digest.digest());
            out.flush();
            return count;
        }

        private void text(String text) throws IOException {
            byte[] bytes = text.getBytes(UTF_8);
            out.writeShort(bytes.length);
            out.write(bytes);
        }
    }

    /** Reads records one by one, and believes none of the lengths it reads. */
    static final class Reader {
        private final MessageDigest digest = sha256();
        private final DataInputStream in;
        private final int longestCell;
        private long count;

        /**
         * @param cache whose dump it must be
         * @param longestCell above which a cell is not read
         * @throws DamagedException if it is none
         */
        Reader(InputStream file, String cache, int longestCell) throws IOException {
            this.in = new DataInputStream(new DigestInputStream(file, digest));
            this.longestCell = longestCell;
            try {
                if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                    throw new DamagedException("it is no dump of a cache");
                }
                int version = in.readInt();
                if (version != VERSION) {
                    throw new DamagedException(
                            "it has version " + version + " of the format, this program reads " + VERSION);
                }
                String name = text();
                if (!name.equals(cache)) {
                    throw new DamagedException("it is a dump of cache " + Names.printable(name) + ", not of " + cache);
                }
            } catch (EOFException e) {
                throw new DamagedException("it ends within its head");
            }
        }

        /** The next record; empty at the end of a file that is whole. */
        Optional<Record> next() throws IOException {
            try {
                int kind = in.readUnsignedByte();
                if (kind == END) {
                    end();
                    return Optional.empty();
                }
                if (kind != RECORD) {
                    throw damaged("is of no known kind");
                }
                String key = text();
                long expires = in.readLong();
                int length = in.readInt();
                if (length < 0 || length > longestCell) {
                    throw damaged("has " + (length & 0xffffffffL) + " bytes, over the limit of " + longestCell
                            + " (maxValueBytes)");
                }
                Record record = new Record(key, expires, in.readNBytes(length));
                if (in.readInt() != record.crc()) {
                    throw damaged("has another checksum");
                }
                count++;
                return Optional.of(record);
            } catch (EOFException e) {
                throw damaged("is cut off");
            }
        }

        private void end() throws IOException {
            if (in.readLong() != count) {
                throw new DamagedException("it has another number of records than it says");
            }
            // Reading on would change it.
            byte[] computed = digest.digest();
            if (!MessageDigest.isEqual(computed, in.readNBytes(computed.length))) {
                throw new DamagedException("it has another checksum than it says");
            }
            if (in.read() >= 0) {
                throw new DamagedException("it goes on after its end");
            }
        }

        private String text() throws IOException {
            int length = in.readUnsignedShort();
            if (length > LONGEST_TEXT) {
                throw damaged("has a key of " + length + " bytes");
            }
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return new String(bytes, UTF_8);
        }

        private DamagedException damaged(String how) {
            return new DamagedException("record " + (count + 1) + " " + how);
        }
    }

    /** Why a file is refused. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }
}
