package io.covey.cluster.bench.peers;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * The process of a contestant: {@code CLASS PORT VARIANT}. Plays what it reads from its standard input, {@code WHAT
 * THREADS MILLIS}, and answers each line with one: operations, nanoseconds, CPU microseconds of this process.
 */
public final class CacheCorner {
    private static final int VALUE_BYTES = 100;

    private final CacheContestant contestant;
    private final byte[] value = new byte[VALUE_BYTES];
    private volatile boolean over;

    private CacheCorner(CacheContestant contestant) {
        this.contestant = contestant;
    }

    /**
     * Plays until the input ends.
     *
     * @param args class, port and variant
     * @throws Exception if the contestant fails
     */
    public static void main(String[] args) throws Exception {
        CacheContestant contestant =
                (CacheContestant) Class.forName(args[0]).getConstructor().newInstance();
        contestant.open(Integer.parseInt(args[1]), args[2]);
        new CacheCorner(contestant).play();
        contestant.close();
        // Clients of others leave threads behind.
        System.exit(0);
    }

    private void play() throws Exception {
        for (int i = 0; i < CacheContestant.KEYS.size(); i++) {
            contestant.put(i, value);
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Child.answer("ready");
        String line;
        while ((line = in.readLine()) != null) {
            String[] words = line.split(" ");
            Child.answer(play(words[0], Integer.parseInt(words[1]), Long.parseLong(words[2])));
        }
    }

    private String play(String what, int threads, long millis) throws InterruptedException {
        IntConsumer once = once(what);
        // What is done without Redis takes less time than to look at the clock or at a flag.
        int together = what.equals("near") ? 1024 : 1;
        LongAdder operations = new LongAdder();
        CountDownLatch begin = new CountDownLatch(1);
        over = false;
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int first = i * 31;
            Thread thread = new Thread(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    return;
                }
                operations.add(run(once, first, together));
            });
            thread.start();
            all.add(thread);
        }
        double cpu = Corner.cpuMicros();
        long begun = System.nanoTime();
        begin.countDown();
        Thread.sleep(millis);
        over = true;
        for (Thread thread : all) {
            thread.join();
        }
        long nanos = System.nanoTime() - begun;
        return String.format(Locale.ROOT, "%d %d %.0f", operations.sum(), nanos, Corner.cpuMicros() - cpu);
    }

    private long run(IntConsumer once, int first, int together) {
        int next = first;
        long done = 0;
        while (!over) {
            for (int i = 0; i < together; i++) {
                once.accept(next++ & CacheContestant.KEYS.size() - 1);
            }
            done += together;
        }
        return done;
    }

    private IntConsumer once(String what) {
        return switch (what) {
            case "get", "near" ->
                key -> {
                    if (contestant.get(key) == null) {
                        throw new IllegalStateException("There is no value under " + CacheContestant.KEYS.get(key));
                    }
                };
            case "put" -> key -> contestant.put(key, value);
            case "lock" -> key -> contestant.lock();
            case "many" ->
                key -> {
                    int first = key & -CacheContestant.MANY;
                    if (contestant.getMany(first) != CacheContestant.MANY) {
                        throw new IllegalStateException("Values are missing from " + CacheContestant.KEYS.get(first));
                    }
                };
            default -> throw new IllegalArgumentException("What is " + what + "?");
        };
    }
}
