package io.covey.cluster.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * The process of a contestant: {@code CLASS PORT VARIANT}. Plays what it reads from its standard input and answers each
 * line with one: nanoseconds, CPU microseconds of this process, and what was measured.
 */
public final class Corner {
    private static final int CONCURRENCY = 10;
    private static final int PRODUCERS = 8;
    /** 100 a second. */
    private static final long PACE_NANOS = 10_000_000;

    private static final String PAYLOAD = "x".repeat(100);

    private final Contestant contestant;

    private Corner(Contestant contestant) {
        this.contestant = contestant;
    }

    /**
     * Plays until the input ends.
     *
     * @param args class, port and variant
     * @throws Exception if the contestant fails
     */
    public static void main(String[] args) throws Exception {
        Contestant contestant =
                (Contestant) Class.forName(args[0]).getConstructor().newInstance();
        contestant.open(Integer.parseInt(args[1]), args[2]);
        new Corner(contestant).play();
        contestant.close();
        // Clients of others leave threads behind.
        System.exit(0);
    }

    private void play() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Child.answer("ready");
        String line;
        while ((line = in.readLine()) != null) {
            String[] words = line.split(" ");
            int count = Integer.parseInt(words[1]);
            double cpu = cpuMicros();
            long begun = System.nanoTime();
            String more = round(words[0], count);
            long nanos = System.nanoTime() - begun;
            Child.answer(String.format(Locale.ROOT, "done %d %.0f %s", nanos, cpuMicros() - cpu, more));
        }
    }

    private String round(String what, int count) throws Exception {
        switch (what) {
            case "one" -> add(count);
            case "eight" -> eight(count);
            case "bulk" -> bulk(count);
            case "drain" -> drain(count);
            case "latency" -> {
                return latency(count, true);
            }
            case "listen" -> {
                return latency(count, false);
            }
            default -> throw new IOException("What is " + what + "?");
        }
        return "";
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            contestant.enqueue(PAYLOAD);
        }
    }

    private void eight(int count) throws InterruptedException {
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            Thread producer = new Thread(() -> add(count / PRODUCERS));
            producer.start();
            producers.add(producer);
        }
        for (Thread producer : producers) {
            producer.join();
        }
    }

    private void bulk(int count) {
        List<String> payloads = Collections.nCopies(Contestant.BULK, PAYLOAD);
        for (int i = 0; i < count; i += Contestant.BULK) {
            contestant.enqueueAll(payloads);
        }
    }

    private void drain(int count) throws Exception {
        CountDownLatch left = new CountDownLatch(count);
        contestant.work(CONCURRENCY, payload -> left.countDown());
        left.await();
        contestant.rest();
    }

    /** From the moment in the payload to the start of the task. */
    private String latency(int count, boolean own) throws Exception {
        long[] took = new long[count];
        CountDownLatch left = new CountDownLatch(count);
        CountDownLatch warm = new CountDownLatch(1);
        contestant.work(CONCURRENCY, payload -> {
            long now = System.nanoTime();
            if (payload.equals("warm")) {
                warm.countDown();
                return;
            }
            synchronized (took) {
                int at = (int) left.getCount() - 1;
                if (at >= 0) {
                    took[at] = now - Long.parseLong(payload);
                }
                left.countDown();
            }
        });
        contestant.enqueue("warm");
        warm.await();
        if (own) {
            long next = System.nanoTime();
            for (int i = 0; i < count; i++) {
                while (System.nanoTime() < next) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                next += PACE_NANOS;
                contestant.enqueue(Long.toString(System.nanoTime()));
            }
        } else {
            Child.answer("listening");
        }
        left.await();
        contestant.rest();
        Arrays.sort(took);
        return took[count / 2] + " " + took[count * 99 / 100];
    }

    /** CPU time of this process so far. */
    static double cpuMicros() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime()
                / 1e3;
    }
}
