package io.covey.cluster.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that runs the tasks of one type. It takes the payload, a
 * {@link io.covey.cluster.tasks.TaskContext}, both or neither; what it returns, unless it is null, is the task's result;
 * what it throws is judged by the type's {@link io.covey.cluster.tasks.RetryPolicy}.
 *
 * <pre>{@code
 * record Resize(String file, int width) {
 *     static final TaskType<Resize> TASK = TaskType.of("resize", Resize.class).on("images");
 * }
 *
 * @HandlesTask
 * void resize(Resize resize, TaskContext task) { ... }
 * }</pre>
 *
 * <p>How the type is found: a bean of type {@link io.covey.cluster.tasks.TaskType} of that name; else a static constant of
 * it in {@link #declaredIn()}, in the class of the payload, in the class around that, or in the class of the method; else
 * it is made from the class of the payload and from what is said here. Without a name there must be one constant for the
 * payload.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface HandlesTask {

    /**
     * The name of the type on the wire; may have {@code ${placeholders}}.
     *
     * @return 1 to 256 characters; empty for the one constant there is for the payload
     */
    String value() default "";

    /**
     * A class with the constant of the type.
     *
     * @return {@code void} for none
     */
    Class<?> declaredIn() default void.class;

    /**
     * The queue of a type that is not declared elsewhere; may have {@code ${placeholders}}.
     *
     * @return the queue; {@code default} if empty
     */
    String queue() default "";

    /**
     * How many runs a task gets at most, for a type that is not declared elsewhere.
     *
     * @return from 1, the first run included; the standard of {@link io.covey.cluster.tasks.RetryPolicy} if 0
     */
    int attempts() default 0;

    /**
     * How long one run may take, for a type that is not declared elsewhere; may have {@code ${placeholders}}.
     *
     * @return such as {@code 30s} or {@code PT30S}; any time if empty
     */
    String timeout() default "";
}
