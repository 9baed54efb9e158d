package io.covey.cluster.tck;

import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskInspector.State;
import io.covey.cluster.spi.TaskInspector.StoredTask;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the parts of {@link RandomSteps} share: the brokers, the dice, the account and the trace of the last steps. */
final class RandomScene {
    static final List<String> QUEUES = List.of("q1", "q2");
    private static final int REMEMBERED = 40;
    private static final int PAGE = 500;

    final TransportHarness harness;
    final long seed;
    final Random random;
    final Ledger ledger = new Ledger();
    private final List<TaskBroker> brokers;
    private final Supplier<Instant> clock;
    private final BooleanSupplier repeated;
    private final Deque<String> trace = new ArrayDeque<>();

    /**
     * @param clock the time of the backend
     * @param repeated whether the last call was sent more than once, so that it may have happened before its answer
     */
    RandomScene(
            TransportHarness harness,
            List<TaskBroker> brokers,
            Supplier<Instant> clock,
            BooleanSupplier repeated,
            long seed) {
        this.harness = harness;
        this.brokers = brokers;
        this.clock = clock;
        this.repeated = repeated;
        this.seed = seed;
        this.random = new Random(seed);
    }

    TaskBroker broker() {
        return any(brokers);
    }

    Instant now() {
        return clock.get();
    }

    boolean repeated() {
        return repeated.getAsBoolean();
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    void trace(String line) {
        trace.addLast(line);
        if (trace.size() > REMEMBERED) {
            trace.removeFirst();
        }
    }

    String trace() {
        return String.join("\n", trace);
    }

    /** The numbers of the tasks that nobody runs and that have not ended, as the broker lists them, each once. */
    Set<Integer> idle(String queue) {
        Set<Integer> numbers = new HashSet<>();
        for (State state : State.values()) {
            Optional<String> cursor = Optional.empty();
            do {
                Page<StoredTask> page =
                        TransportContract.on(broker().inspector().tasks(queue, state, cursor, PAGE));
                page.items().forEach(stored -> {
                    int number = number(stored.content());
                    Ledger.check(numbers.add(number), "task " + number + " is listed twice in " + queue);
                });
                cursor = page.next();
            } while (cursor.isPresent());
        }
        return numbers;
    }

    List<FailedTask> failures() {
        List<FailedTask> all = new ArrayList<>();
        List<FailedTask> page;
        do {
            page = TransportContract.on(broker().inspector().failed(all.size(), PAGE));
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }

    static int number(Content content) {
        return Ledger.number(((Readable) content).args());
    }
}
