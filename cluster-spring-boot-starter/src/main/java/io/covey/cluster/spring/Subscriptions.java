package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/** Subscribes the methods of beans that want to hear messages, while the application runs. */
final class Subscriptions implements SmartLifecycle {
    private final Cluster cluster;
    private final ConfigurableListableBeanFactory beans;
    private final List<Registration> open = new ArrayList<>();
    private volatile boolean running;

    Subscriptions(Cluster cluster, ConfigurableListableBeanFactory beans) {
        this.cluster = cluster;
        this.beans = beans;
    }

    @Override
    public void start() {
        try {
            for (BeanMethod<Subscribe> method : BeanMethod.all(beans, Subscribe.class)) {
                SubscribedMethod subscribed = SubscribedMethod.of(method);
                for (String channel : method.annotation().value()) {
                    open.add(subscribed.subscribe(cluster, String.valueOf(beans.resolveEmbeddedValue(channel))));
                }
            }
            running = true;
        } catch (RuntimeException e) {
            end();
            throw e;
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
