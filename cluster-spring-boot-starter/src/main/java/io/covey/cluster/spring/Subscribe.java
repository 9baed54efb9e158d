package io.covey.cluster.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that hears the messages of a channel. It takes the message; or the channel and the message; or a
 * {@link io.covey.cluster.Received}, which knows the sender; or a {@link io.covey.cluster.Gap}, then it hears of what
 * the other methods of the bean on that channel missed. Messages come in order, one at a time for each method, on a thread of the node's; what the method throws
 * is logged.
 *
 * <pre>{@code
 * @Subscribe("/chat/*")
 * void heard(String channel, Chat chat) { ... }
 *
 * @Subscribe("/chat/*")
 * void missed(Gap gap) { ... }
 * }</pre>
 *
 * <p>Whoever needs a history or another backlog subscribes by {@link io.covey.cluster.Cluster#topic}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Subscribe {

    /**
     * The channels or patterns; may have {@code ${placeholders}}.
     *
     * @return at least one of {@code /a/b}, {@code /a/*}, {@code /a/**}
     */
    String[] value();
}
