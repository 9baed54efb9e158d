package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.Gap;
import io.covey.cluster.Received;
import io.covey.cluster.Registration;
import io.covey.cluster.Topic;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;

/**
 * A method that hears messages.
 *
 * @param method the method
 * @param takes what it is given
 * @param message the type of the messages
 */
record SubscribedMethod(BeanMethod<Subscribe> method, Takes takes, Type message) {
    private static final Logger LOG = LoggerFactory.getLogger(Subscribe.class);
    private static final String FORMS =
            "it must take a message, a channel (String) and a message, a Received, or a Gap";

    /** What a method is given. */
    private enum Takes {
        MESSAGE,
        CHANNEL_AND_MESSAGE,
        RECEIVED,
        GAP
    }

    static SubscribedMethod of(BeanMethod<Subscribe> method) {
        Class<?>[] parameters = method.declared().getParameterTypes();
        if (parameters.length == 2 && parameters[0] == String.class) {
            return new SubscribedMethod(method, Takes.CHANNEL_AND_MESSAGE, type(method, 1));
        }
        if (parameters.length != 1) {
            throw method.refused(FORMS);
        }
        if (parameters[0] == Gap.class) {
            return new SubscribedMethod(method, Takes.GAP, byte[].class);
        }
        if (parameters[0] == Received.class) {
            Type message = ResolvableType.forMethodParameter(method.declared(), 0, method.type())
                    .getGeneric(0)
                    .getType();
            return new SubscribedMethod(method, Takes.RECEIVED, message);
        }
        return new SubscribedMethod(method, Takes.MESSAGE, type(method, 0));
    }

    private static Type type(BeanMethod<Subscribe> method, int parameter) {
        return GenericTypeResolver.resolveType(method.declared().getGenericParameterTypes()[parameter], method.type());
    }

    boolean hearsGaps() {
        return takes == Takes.GAP;
    }

    /**
     * Subscribes it.
     *
     * @param gaps methods of the same bean that want to hear what this one misses
     */
    Registration subscribe(Cluster cluster, String channel, List<SubscribedMethod> gaps) {
        try {
            @SuppressWarnings("unchecked")
            Codec<Object> codec = (Codec<Object>) cluster.codecOf(message);
            return cluster.topic(channel, codec).subscribe(listener(gaps));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(method.refused("cannot subscribe to " + channel + ": " + e.getMessage()));
        }
    }

    private Topic.Listener<Object> listener(List<SubscribedMethod> gaps) {
        return new Topic.Listener<>() {
            @Override
            public void onMessage(String channel, Object message) {
                // onReceived has more.
            }

            @Override
            public void onReceived(Received<Object> received) {
                switch (takes) {
                    case MESSAGE -> call(received.message());
                    case CHANNEL_AND_MESSAGE -> call(received.channel(), received.message());
                    case RECEIVED -> call(received);
                    case GAP -> {
                        // It hears of gaps alone.
                    }
                }
            }

            @Override
            public void onGap(Gap gap) {
                gaps.forEach(method -> method.call(gap));
            }
        };
    }

    private void call(@Nullable Object... arguments) {
        try {
            method.call(arguments);
        } catch (Exception e) {
            LOG.warn("@Subscribe {} threw; the subscription goes on", method, e);
        }
    }
}
