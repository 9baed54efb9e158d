package io.covey.cluster.cli.hammer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.covey.cluster.Cluster;
import io.covey.cluster.cli.Evidence;
import io.covey.cluster.cli.hammer.HammerProcess.Mutant;
import io.covey.cluster.cli.hammer.HammerProcess.Target;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.FaultProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** One case: a Redis behind a proxy, processes that hammer, and what is done to them meanwhile. */
final class HammerScene implements AutoCloseable {
    static final Duration LEASE = HammerProcess.BEAT.multipliedBy(3);
    static final int PROCESSES = 8;
    private static final long SEED = Long.getLong("covey.hammer.seed", System.nanoTime() % 1_000_000);
    private static final int SECONDS = Integer.getInteger("covey.hammer.seconds", 8);
    private static final String ONLY = System.getProperty("covey.hammer.only", "");
    private static final String DRIVER = System.getProperty("covey.hammer.driver", "");

    final RedisServer redis;
    final FencedResource resource = new FencedResource();
    private final Evidence evidence;

    private final String name;
    private final String driver;
    private final Target target;
    private final Mutant mutant;
    private final FaultProxy proxy;
    private final Random random;
    private final List<HammerJvm> processes = new ArrayList<>();
    private final long begun = System.nanoTime();
    private int started;
    private int kills;
    private int pauses;
    private int resets;

    /** Skips the test if the command asked for others. */
    HammerScene(String driver, Target target, Mutant mutant) throws Exception {
        name = target.name().toLowerCase(Locale.ROOT)
                + (mutant == Mutant.NONE ? "" : "-" + mutant.name().toLowerCase(Locale.ROOT));
        assumeTrue(ONLY.isEmpty() || name.contains(ONLY), "not asked for");
        assumeTrue(DRIVER.isEmpty() || driver.equals(DRIVER), "not asked for");
        this.driver = driver;
        this.target = target;
        this.mutant = mutant;
        random = new Random(SEED * 31 + name.hashCode());
        evidence = new Evidence("covey-hammer-");
        redis = RedisServer.start();
        proxy = new FaultProxy(redis.port());
    }

    /** A node of the test's own, by a way that is not broken. */
    Cluster join() {
        return Cluster.join("redis+" + driver + "://127.0.0.1:" + redis.port());
    }

    /** Starts all processes and waits until they hammer. */
    void start() throws Exception {
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(one());
        }
        for (HammerJvm process : processes) {
            process.awaitReady();
        }
    }

    private HammerJvm one() throws IOException {
        String process = "p" + ++started;
        return new HammerJvm(
                process,
                folder(),
                List.of(
                        "redis+" + driver + "://127.0.0.1:" + proxy.port(),
                        target.name(),
                        folder().toString(),
                        process,
                        Integer.toString(resource.port()),
                        mutant.name()));
    }

    /** Lets them hammer, and does one thing after the other to them, until the time is over. */
    void hammer() throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (System.nanoTime() - end < 0) {
            strike();
        }
        settle();
    }

    /** Kills one, stops one, or ends all connections, after a while. */
    void strike() throws Exception {
        Thread.sleep(200 + random.nextInt(700));
        switch (random.nextInt(5)) {
            case 0, 1 -> kill();
            case 2, 3 -> pause();
            default -> {
                proxy.reset();
                resets++;
            }
        }
    }

    /** Stops one that holds it, if that can be seen, for longer than its lease. */
    void pause() throws Exception {
        Optional<HammerJvm> victim = victim();
        if (victim.isPresent()) {
            HammerJvm process = victim.get();
            long millis = LEASE.toMillis() / 3 + random.nextInt((int) LEASE.toMillis());
            process.pause();
            pauses++;
            Thread later = new Thread(
                    () -> {
                        try {
                            Thread.sleep(millis);
                            process.resume();
                        } catch (IOException | InterruptedException e) {
                            // it was killed
                        }
                    },
                    "hammer-resume");
            later.setDaemon(true);
            later.start();
        }
    }

    private void kill() throws Exception {
        Optional<HammerJvm> victim = victim();
        if (victim.isPresent()) {
            victim.get().kill();
            kills++;
            processes.set(processes.indexOf(victim.get()), one());
        }
    }

    /** Mostly the one that came last with a new fence; never one of the last two that work. */
    private Optional<HammerJvm> victim() {
        List<HammerJvm> working = processes.stream()
                .filter(process -> process.isReady() && !process.isStopped() && process.isAlive())
                .toList();
        if (working.size() <= 2) {
            return Optional.empty();
        }
        HammerJvm any = working.get(random.nextInt(working.size()));
        boolean aimed = random.nextInt(3) > 0;
        String holder = resource.holder();
        return Optional.of(working.stream()
                .filter(process -> aimed && process.name().equals(holder))
                .findFirst()
                .orElse(any));
    }

    /** Waits until all that were stopped go on, have come back to what they thought was theirs, and are ended. */
    private void settle() throws Exception {
        while (processes.stream().anyMatch(HammerJvm::isStopped)) {
            Thread.sleep(50);
        }
        Thread.sleep(500);
        for (HammerJvm process : processes) {
            process.awaitReady();
        }
        end();
    }

    void end() {
        processes.forEach(HammerJvm::kill);
    }

    void tell(String verdict) {
        System.out.println("hammer " + name + ", " + driver + ", seed " + SEED + ": " + verdict + "; " + kills
                + " kills, " + pauses + " stops, " + resets + " resets, " + (System.nanoTime() - begun) / 1_000_000_000
                + " s");
    }

    Path folder() {
        return evidence.folder();
    }

    /** The ledgers are not needed any more. */
    void proved() {
        evidence.proved();
    }

    @Override
    public void close() throws IOException {
        end();
        proxy.close();
        resource.close();
        redis.close();
        evidence.close("hammer " + name + ", " + driver);
    }
}
