package io.covey.cluster.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * An interface whose methods can be called on other nodes, see {@link Rpc#serve(Class, Object)} and {@link Rpc#proxy}. Each
 * method is a procedure named {@code service.method}. Arguments and results are of types that the cluster has a format
 * for; none is null. A method returns a value, a {@code CompletableFuture} of one, or nothing.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
public @interface RpcService {

    /**
     * The name of the service.
     *
     * @return the first part of its procedures' names; the simple name of the interface if empty
     */
    String value() default "";

    /**
     * How long a caller waits.
     *
     * @return in milliseconds, for all methods that do not say otherwise
     */
    long timeoutMillis() default 5000;
}
