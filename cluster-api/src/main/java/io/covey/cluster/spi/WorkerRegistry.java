package io.covey.cluster.spi;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Who works at which queues, for people and for tools of other makes. Nothing depends on it. */
public interface WorkerRegistry {

    /**
     * Says what a worker is doing; to be repeated every few seconds. A worker that says nothing for some minutes is taken off.
     *
     * @param worker as it is now
     * @return when done
     */
    CompletionStage<Void> report(WorkerInfo worker);

    /**
     * Takes a worker off.
     *
     * @param owner which
     * @return when done
     */
    CompletionStage<Void> retire(String owner);

    /**
     * All workers, those of other makes as far as they say.
     *
     * @return by owner
     */
    CompletionStage<List<WorkerInfo>> list();

    /**
     * A worker.
     *
     * @param owner names it where tasks are leased
     * @param host where it runs
     * @param pid its process, 0 if unknown
     * @param queues what it serves
     * @param since when it started
     * @param seen when it last said something
     * @param processed tasks done since its start
     * @param failed tasks failed since its start
     * @param concurrency how many it runs at once at most
     * @param running what it runs, perhaps not all
     */
    record WorkerInfo(
            String owner,
            String host,
            long pid,
            List<String> queues,
            Instant since,
            Instant seen,
            long processed,
            long failed,
            int concurrency,
            List<Running> running) {

        /** Copies the components. */
        public WorkerInfo {
            queues = List.copyOf(queues);
            running = List.copyOf(running);
        }
    }

    /**
     * A task that runs.
     *
     * @param queue from which queue
     * @param id its id
     * @param type its type
     * @param args its arguments, a JSON array in UTF-8
     * @param since since when
     */
    record Running(String queue, String id, String type, byte[] args, Instant since) {}
}
