package io.covey.cluster.cli.chaos;

import io.covey.cluster.tasks.TaskType;

/**
 * What a task of the fault suite is told.
 *
 * @param number which one it is
 * @param millis how long it takes
 */
record Work(int number, long millis) {
    static final String QUEUE = "chaos";

    /** Its effect follows once the task is known to be the worker's, however long that takes. */
    static final TaskType<Work> PATIENT = TaskType.of("patient", Work.class).on(QUEUE);

    /** Calls {@code assertMine()} before its effect. */
    static final TaskType<Work> ASSERTING = TaskType.of("asserting", Work.class).on(QUEUE);

    /** Kills its process. */
    static final TaskType<Work> POISON = TaskType.of("poison", Work.class).on(QUEUE);

    /** Takes so many MiB of memory, keeps them, and dawdles. */
    static final TaskType<Work> HUNGRY = TaskType.of("hungry", Work.class).on(QUEUE);
}
