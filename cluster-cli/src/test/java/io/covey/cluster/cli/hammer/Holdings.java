package io.covey.cluster.cli.hammer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * What all processes held, and the judgement. Times are those of the machine's monotonic clock, which all processes share
 * and which goes on while one is stopped, and each is taken on the side that cannot accuse the innocent: a holding surely
 * ran from after it was given to before it was last proved.
 */
record Holdings(List<Holding> all) {
    static final String SUFFIX = ".holdings";

    /**
     * One holding.
     *
     * @param process whose
     * @param fence its number, 0 for a permit
     * @param began before it was asked for
     * @param from after it was given
     * @param proved before {@code stillMine()} said yes for the last time; {@code from} if it never did
     */
    record Holding(String process, long fence, long began, long from, long proved) {}

    /** Reads the files as they stand. */
    static Holdings in(Path folder) {
        List<Holding> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                all.addAll(read(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Holdings(all);
    }

    private static List<Holding> read(Path file) throws IOException {
        String process = file.getFileName().toString().replace(SUFFIX, "");
        Map<String, Holding> holdings = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            if (words[0].equals(HoldingsFile.HELD)) {
                long from = Long.parseLong(words[4]);
                holdings.put(
                        words[1], new Holding(process, Long.parseLong(words[2]), Long.parseLong(words[3]), from, from));
            } else {
                holdings.computeIfPresent(
                        words[1],
                        (number, held) -> new Holding(
                                process, held.fence(), held.began(), held.from(), Long.parseLong(words[2])));
            }
        }
        return List.copyOf(holdings.values());
    }

    /** The moments in which more than a number were held. */
    List<String> overlaps(int permits) {
        List<String> overlaps = new ArrayList<>();
        PriorityQueue<Holding> open = new PriorityQueue<>(Comparator.comparingLong(Holding::proved));
        for (Holding holding : sorted(Comparator.comparingLong(Holding::from))) {
            while (!open.isEmpty() && open.element().proved() <= holding.from()) {
                open.remove();
            }
            if (holding.proved() > holding.from()) {
                open.add(holding);
                if (open.size() > permits) {
                    overlaps.add("held at once: " + open);
                }
            }
        }
        return overlaps;
    }

    /** Holdings under an older fence that were proved after a newer one had been given. */
    List<String> outlived() {
        List<String> outlived = new ArrayList<>();
        Holding longest = null;
        for (Holding holding : sorted(Comparator.comparingLong(Holding::fence))) {
            if (longest != null && longest.proved() > holding.from()) {
                outlived.add(longest + " was proved after " + holding + " was given");
            }
            boolean proved = holding.proved() > holding.from();
            if (proved && (longest == null || holding.proved() > longest.proved())) {
                longest = holding;
            }
        }
        return outlived;
    }

    /** Fences that were given twice, or were not greater than one given before they were asked for. */
    List<String> fencesThatDoNotGrow() {
        List<String> wrong = new ArrayList<>();
        List<Holding> given = sorted(Comparator.comparingLong(Holding::from));
        Map<Long, Holding> known = new HashMap<>();
        for (Holding holding : given) {
            Holding twin = known.put(holding.fence(), holding);
            if (twin != null) {
                wrong.add("one fence of " + twin + " and " + holding);
            }
        }
        int next = 0;
        Holding greatest = null;
        for (Holding holding : sorted(Comparator.comparingLong(Holding::began))) {
            for (; next < given.size() && given.get(next).from() < holding.began(); next++) {
                Holding before = given.get(next);
                greatest = greatest == null || before.fence() > greatest.fence() ? before : greatest;
            }
            if (greatest != null && greatest.fence() >= holding.fence()) {
                wrong.add(greatest + " was given before " + holding + " was asked for");
            }
        }
        return wrong;
    }

    /** The longest time in which nobody surely held it: about a lease if a holder was killed or stopped. */
    Duration longestGap() {
        long longest = 0;
        long held = Long.MAX_VALUE;
        for (Holding holding : sorted(Comparator.comparingLong(Holding::from))) {
            if (held != Long.MAX_VALUE) {
                longest = Math.max(longest, holding.from() - held);
            }
            held = held == Long.MAX_VALUE ? holding.proved() : Math.max(held, holding.proved());
        }
        return Duration.ofNanos(longest);
    }

    private List<Holding> sorted(Comparator<Holding> order) {
        return all.stream().sorted(order).toList();
    }
}
