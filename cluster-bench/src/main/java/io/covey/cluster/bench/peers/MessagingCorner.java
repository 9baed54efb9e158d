package io.covey.cluster.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * One of the two processes of a contestant: {@code CLASS PORT VARIANT [PEER]}; the one without a peer serves and
 * subscribes, the other calls and publishes. Plays what it reads from its standard input and answers each line with one.
 */
public final class MessagingCorner {
    private static final String TEXT = "x".repeat(100);
    private static final long PACE_NANOS = 1_000_000;

    private final MessagingContestant contestant;
    private final Deliveries deliveries = new Deliveries();

    private MessagingCorner(MessagingContestant contestant) {
        this.contestant = contestant;
    }

    /**
     * Plays until the input ends.
     *
     * @param args class, port, variant and perhaps the peer
     * @throws Exception if the contestant fails
     */
    public static void main(String[] args) throws Exception {
        MessagingContestant contestant =
                (MessagingContestant) Class.forName(args[0]).getConstructor().newInstance();
        contestant.open(Integer.parseInt(args[1]), args[2]);
        String ready = "ready";
        if (args.length > 3) {
            contestant.meet(args[3]);
        } else {
            ready = contestant.serve();
        }
        new MessagingCorner(contestant).play(ready);
        contestant.close();
        // Clients of others leave threads behind.
        System.exit(0);
    }

    private void play(String ready) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Child.answer(ready);
        String line;
        while ((line = in.readLine()) != null) {
            Child.answer(play(line.split(" ")));
        }
    }

    private String play(String... words) throws Exception {
        switch (words[0]) {
            case "cpu" -> {
                return Long.toString((long) Corner.cpuMicros());
            }
            case "call" -> {
                return new Calls(contestant, TEXT).play(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            }
            case "subscribe" -> {
                for (int i = 0; i < Integer.parseInt(words[2]); i++) {
                    contestant.subscribe(words[1], deliveries::take);
                }
            }
            case "expect" -> deliveries.expect(Integer.parseInt(words[1]));
            case "await" -> {
                return deliveries.await();
            }
            case "publish" -> {
                long begun = System.nanoTime();
                contestant.publish(words[1], TEXT, Integer.parseInt(words[2]));
                return Long.toString(begun);
            }
            case "pace" -> pace(words[1], Integer.parseInt(words[2]));
            default -> throw new IOException("What is " + words[0] + "?");
        }
        return "done";
    }

    /** A message a millisecond, which says when it was sent. */
    private void pace(String channel, int count) {
        long next = System.nanoTime();
        for (int i = 0; i < count; i++) {
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            next = Math.max(next + PACE_NANOS, System.nanoTime());
            contestant
                    .publish(channel, String.format("%-" + TEXT.length() + "d", System.nanoTime()))
                    .join();
        }
    }
}
