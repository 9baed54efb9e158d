package io.covey.cluster.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** What a method of an {@link RpcService} declares of itself, if the defaults do not suit it. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.METHOD)
public @interface RpcMethod {

    /**
     * The name of the method.
     *
     * @return the second part of its procedure's name; that of the method if empty
     */
    String value() default "";

    /**
     * How long a caller waits.
     *
     * @return in milliseconds; what the service says if 0
     */
    long timeoutMillis() default 0;

    /**
     * Whether a call that runs twice does no harm.
     *
     * @return see {@link Procedure#idempotent()}
     */
    boolean idempotent() default false;

    /**
     * Whether it answers in microseconds and never blocks.
     *
     * @return see {@link Procedure#nonBlocking()}
     */
    boolean nonBlocking() default false;

    /**
     * How many calls run on a node at a time.
     *
     * @return see {@link Procedure#concurrency(int)}; unlimited if 0
     */
    int concurrency() default 0;

    /**
     * How large the arguments together may be.
     *
     * @return in bytes, see {@link Procedure#argumentUpTo(int)}; unlimited if 0
     */
    int argumentUpTo() default 0;
}
