package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/** Subscribes the methods of beans that want to hear messages, while the application runs. */
final class Subscriptions implements SmartLifecycle {
    private final Cluster cluster;
    private final ConfigurableListableBeanFactory beans;
    private final List<Registration> open = new ArrayList<>();
    private volatile boolean running;

    /** Compared by the identity of the bean. */
    private record Place(Object bean, String channel) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Place place && place.bean == bean && place.channel.equals(channel);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(bean) + channel.hashCode();
        }
    }

    Subscriptions(Cluster cluster, ConfigurableListableBeanFactory beans) {
        this.cluster = cluster;
        this.beans = beans;
    }

    @Override
    public void start() {
        try {
            wanted().forEach(this::subscribe);
            running = true;
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    /** By bean and channel. */
    private Map<Place, List<SubscribedMethod>> wanted() {
        Map<Place, List<SubscribedMethod>> wanted = new LinkedHashMap<>();
        for (BeanMethod<Subscribe> method : BeanMethod.all(beans, Subscribe.class)) {
            SubscribedMethod subscribed = SubscribedMethod.of(method);
            for (String channel : method.annotation().value()) {
                Place place = new Place(method.bean(), String.valueOf(beans.resolveEmbeddedValue(channel)));
                wanted.computeIfAbsent(place, absent -> new ArrayList<>()).add(subscribed);
            }
        }
        return wanted;
    }

    private void subscribe(Place place, List<SubscribedMethod> methods) {
        List<SubscribedMethod> gaps =
                methods.stream().filter(SubscribedMethod::hearsGaps).toList();
        List<SubscribedMethod> messages =
                methods.stream().filter(method -> !method.hearsGaps()).toList();
        for (SubscribedMethod method : messages.isEmpty() ? gaps.subList(0, 1) : messages) {
            open.add(method.subscribe(cluster, place.channel(), gaps));
        }
    }

    @Override
    public void stop() {
        running = false;
        end();
    }

    private void end() {
        open.forEach(Registration::close);
        open.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return ClusterPhases.CALLS;
    }
}
