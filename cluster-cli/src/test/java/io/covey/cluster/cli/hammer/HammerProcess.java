package io.covey.cluster.cli.hammer;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import io.covey.cluster.Semaphore;
import io.covey.cluster.TransportException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A process that hammers one thing until it is killed. All have the same node name, as careless operators give it. */
final class HammerProcess {
    static final String READY = "hammering";
    static final String NAME = "hammered";
    static final int PERMITS = 3;
    static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration[] WAITS = {Duration.ZERO, Duration.ofMillis(50), Duration.ofSeconds(5)};
    private static final int MOST_MILLIS_HELD = 40;
    private static final int PAUSE_MILLIS = 10;

    private final Cluster cluster;
    private final Path folder;
    private final String process;
    private final int resource;
    private final Mutant mutant;
    private final Random random;

    /** What is done wrongly, to show that it would be found. */
    enum Mutant {
        NONE,
        /** Believes in its lease for ever. */
        BELIEVER,
        /** Gives the resource a fence of its own making. */
        SELF_FENCED,
        /** Takes one permit more than there are. */
        GREEDY,
        /** Writes without comparing. */
        BLIND
    }

    /** What is hammered. */
    enum Target {
        LOCK,
        SEMAPHORE,
        VALUE
    }

    private HammerProcess(Cluster cluster, Path folder, String process, int resource, Mutant mutant) {
        this.cluster = cluster;
        this.folder = folder;
        this.process = process;
        this.resource = resource;
        this.mutant = mutant;
        this.random = new Random(process.hashCode());
    }

    /**
     * Runs until it is killed.
     *
     * @param args URI, target, folder of the ledgers, name of the process, port of the resource, mutant
     */
    public static void main(String[] args) throws Exception {
        try (Cluster cluster = join(args[0])) {
            HammerProcess hammer = new HammerProcess(
                    cluster, Path.of(args[2]), args[3], Integer.parseInt(args[4]), Mutant.valueOf(args[5]));
            System.out.println(READY);
            switch (Target.valueOf(args[1])) {
                case LOCK -> hammer.lock();
                case SEMAPHORE -> hammer.semaphore();
                case VALUE -> hammer.value();
            }
        }
    }

    private static Cluster join(String uri) throws InterruptedException {
        while (true) {
            try {
                return Cluster.join(
                        ClusterConfig.builder(uri).name("hammer").beat(BEAT).build());
            } catch (RuntimeException e) {
                // It was cut off or starved meanwhile.
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void lock() throws Exception {
        HoldingsFile file = holdings();
        FencedResource.Client client = new FencedResource.Client(resource, process);
        Lock lock = cluster.lock(NAME);
        for (int number = 1; ; number++) {
            long began = System.nanoTime();
            try {
                Optional<Lock.Held> held = lock.tryLock(patience());
                if (held.isPresent()) {
                    long from = System.nanoTime();
                    use(file, client, number, held.get(), began, from);
                }
            } catch (TransportException e) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void use(HoldingsFile file, FencedResource.Client client, int number, Lock.Held held, long began, long from)
            throws Exception {
        try (held) {
            file.held(number, held.fence(), began, from);
            String read = client.read(fence(held));
            dawdle();
            prove(file, number, held::stillMine);
            if (!read.equals(FencedResource.OLD)) {
                client.write(fence(held), Long.parseLong(read) + 1);
            }
            prove(file, number, held::stillMine);
        }
    }

    private long fence(Lock.Held held) {
        return mutant == Mutant.SELF_FENCED ? System.nanoTime() : held.fence();
    }

    private void semaphore() throws Exception {
        HoldingsFile file = holdings();
        Semaphore semaphore = cluster.semaphore(NAME, mutant == Mutant.GREEDY ? PERMITS + 1 : PERMITS);
        for (int number = 1; ; number++) {
            long began = System.nanoTime();
            try {
                Optional<Semaphore.Permit> permit = semaphore.tryAcquire(patience());
                if (permit.isPresent()) {
                    try (Semaphore.Permit held = permit.get()) {
                        file.held(number, 0, began, System.nanoTime());
                        dawdle();
                        prove(file, number, held::stillMine);
                    }
                }
            } catch (TransportException e) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void value() throws Exception {
        Tally tally = Tally.of(folder, process);
        Cache<Long> cache = cluster.cache(NAME, Long.class);
        while (true) {
            try {
                Cache.Entry<Long> entry = cache.getEntry(NAME).orElseThrow();
                tally.tried();
                if (mutant == Mutant.BLIND) {
                    cache.put(NAME, entry.value() + 1);
                    tally.ended(true);
                } else {
                    tally.ended(cache.replace(NAME, entry, entry.value() + 1));
                }
            } catch (TransportException e) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private HoldingsFile holdings() throws IOException {
        return new HoldingsFile(folder.resolve(process + Holdings.SUFFIX));
    }

    /** The moment is taken before the question, so that whoever says yes held it then. */
    private void prove(HoldingsFile file, int number, BooleanSupplier stillMine) {
        long at = System.nanoTime();
        if (mutant == Mutant.BELIEVER || stillMine.getAsBoolean()) {
            file.proved(number, at);
        }
    }

    private Duration patience() {
        return WAITS[random.nextInt(WAITS.length)];
    }

    private void dawdle() throws InterruptedException {
        Thread.sleep(random.nextInt(MOST_MILLIS_HELD));
    }
}
