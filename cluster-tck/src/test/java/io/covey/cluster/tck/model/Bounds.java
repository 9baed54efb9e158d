package io.covey.cluster.tck.model;

/**
 * How much may happen in one run of the model.
 *
 * @param jobs tasks, 1 or 2
 * @param workers processes at a time
 * @param mostDeliveries after which a task is dead
 * @param crashes of workers
 * @param pauses of workers longer than a lease
 * @param lostAnswers after which a call is repeated
 * @param copies calls of which the network delivers a copy late, at most one at a time
 * @param gives tasks given up by a failure, a retry or a release
 * @param zombies settlements of tasks that were given up already
 * @param concurrency how many may be leased at once, 0 for any number
 * @param failovers that lose the last writes, 0 or 1
 */
record Bounds(
        int jobs,
        int workers,
        int mostDeliveries,
        int crashes,
        int pauses,
        int lostAnswers,
        int copies,
        int gives,
        int zombies,
        int concurrency,
        int failovers) {

    static Bounds of(int jobs, int workers) {
        return new Bounds(jobs, workers, 3, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    Bounds dying(int newMostDeliveries, int newCrashes, int newPauses) {
        return new Bounds(
                jobs,
                workers,
                newMostDeliveries,
                newCrashes,
                newPauses,
                lostAnswers,
                copies,
                gives,
                zombies,
                concurrency,
                failovers);
    }

    Bounds losing(int newLostAnswers, int newCopies) {
        return new Bounds(
                jobs,
                workers,
                mostDeliveries,
                crashes,
                pauses,
                newLostAnswers,
                newCopies,
                gives,
                zombies,
                concurrency,
                failovers);
    }

    Bounds giving(int newGives, int newZombies) {
        return new Bounds(
                jobs,
                workers,
                mostDeliveries,
                crashes,
                pauses,
                lostAnswers,
                copies,
                newGives,
                newZombies,
                concurrency,
                failovers);
    }

    Bounds limited(int newConcurrency) {
        return new Bounds(
                jobs,
                workers,
                mostDeliveries,
                crashes,
                pauses,
                lostAnswers,
                copies,
                gives,
                zombies,
                newConcurrency,
                failovers);
    }

    Bounds failingOver() {
        return new Bounds(
                jobs, workers, mostDeliveries, crashes, pauses, lostAnswers, copies, gives, zombies, concurrency, 1);
    }

    /** One for each worker, and one more after each crash. */
    int owners() {
        return workers + crashes;
    }
}
