package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Place;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a message with a place in a history looks on the channel: FF 01, {@code epoch previous offset}, line feed, message.
 * One without travels as it is; if it happens to begin with FF, behind FF 00.
 */
final class KeptFrame {
    private static final byte MARK = (byte) 0xFF;
    private static final byte PLAIN = 0;
    private static final byte KEPT = 1;
    private static final int LONGEST_HEAD = 2 + 64 + 1 + 18 + 1 + 18 + 1;
    private static final Pattern HEAD = Pattern.compile("([A-Za-z0-9]{1,64}) ([0-9]{1,18}) ([0-9]{1,18})");

    private KeptFrame() {}

    static byte[] plain(byte[] message) {
        if (message.length == 0 || message[0] != MARK) {
            return message;
        }
        byte[] frame = new byte[2 + message.length];
        frame[0] = MARK;
        frame[1] = PLAIN;
        System.arraycopy(message, 0, frame, 2, message.length);
        return frame;
    }

    /** Hands on what a frame carries; one of another make as it is. */
    static void open(String channel, byte[] frame, MessageBus.Listener listener) {
        if (frame.length < 2 || frame[0] != MARK) {
            listener.onMessage(channel, frame);
        } else if (frame[1] == PLAIN) {
            listener.onMessage(channel, Arrays.copyOfRange(frame, 2, frame.length));
        } else {
            kept(channel, frame, listener);
        }
    }

    private static void kept(String channel, byte[] frame, MessageBus.Listener listener) {
        int end = 2;
        while (end < Math.min(frame.length, LONGEST_HEAD) && frame[end] != '\n') {
            end++;
        }
        Matcher head = HEAD.matcher(new String(frame, 2, end - 2, ISO_8859_1));
        if (frame[1] == KEPT && end < frame.length && frame[end] == '\n' && head.matches()) {
            Place place = new Place(head.group(1), Long.parseLong(head.group(2)), Long.parseLong(head.group(3)));
            listener.onMessage(channel, Arrays.copyOfRange(frame, end + 1, frame.length), place);
        } else {
            listener.onMessage(channel, frame);
        }
    }
}
