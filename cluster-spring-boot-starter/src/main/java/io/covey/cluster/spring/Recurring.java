package io.covey.cluster.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * When a {@link HandlesTask} method without a payload is due, once in the whole cluster each time. It is declared when the
 * worker of this application starts, see {@link io.covey.cluster.tasks.Schedules}. An application that no longer has the
 * method does not end it: {@code cluster schedule} does.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Recurring {

    /** What {@link #cron()} and {@link #every()} say when the method is not to recur, for one profile for example. */
    String OFF = "-";

    /**
     * As {@link io.covey.cluster.tasks.Recurrence#cron}; may have {@code ${placeholders}}.
     *
     * @return five or six fields, {@link #OFF}, or empty if {@link #every()} says it
     */
    String cron() default "";

    /**
     * A fixed rate; may have {@code ${placeholders}}.
     *
     * @return such as {@code 5m} or {@code PT5M}, {@link #OFF}, or empty if {@link #cron()} says it
     */
    String every() default "";

    /**
     * Whose time of day a cron expression means; may have {@code ${placeholders}}.
     *
     * @return such as {@code Europe/Berlin}
     */
    String zone() default "UTC";

    /**
     * Names the recurring task in its queue.
     *
     * @return the name; that of the task type if empty
     */
    String name() default "";
}
