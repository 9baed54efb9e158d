package io.covey.cluster.spring;

import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Registration;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcService;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ClassUtils;

/**
 * Serves what beans implement of {@link RpcService} interfaces while the application runs. A node that can, answers calls
 * also if it has none: every node can be asked how it is.
 */
final class ServedBeans implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ServedBeans.class);

    private final ObjectProvider<Rpc> calls;
    private final ConfigurableListableBeanFactory beans;
    private final ConfigurableApplicationContext application;
    private final List<Registration> served = new ArrayList<>();
    private volatile boolean running;
    private @Nullable Rpc rpc;

    ServedBeans(
            ObjectProvider<Rpc> calls,
            ConfigurableListableBeanFactory beans,
            ConfigurableApplicationContext application) {
        this.calls = calls;
        this.beans = beans;
        this.application = application;
    }

    @Override
    public void start() {
        Map<Class<?>, String> services = services();
        try {
            Rpc opened = open(services.isEmpty());
            if (opened != null) {
                rpc = opened;
                services.forEach((service, bean) -> served.add(serve(opened, service, beans.getBean(bean))));
            }
            running = true;
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    /** Null if there is no token and nothing that would need one. */
    private @Nullable Rpc open(boolean nothingToServe) {
        try {
            return calls.getObject();
        } catch (RuntimeException e) {
            if (nothingToServe && isNotSecured(e)) {
                LOG.debug("No server token: this node neither serves calls nor makes any");
                return null;
            }
            throw e;
        }
    }

    private static boolean isNotSecured(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof NotSecuredException) {
                return true;
            }
        }
        return false;
    }

    private Map<Class<?>, String> services() {
        Map<Class<?>, String> services = new LinkedHashMap<>();
        BeanMethod.types(beans).forEach((name, type) -> {
            for (Class<?> service : annotated(type)) {
                if (implemented(name, type)) {
                    String other = services.putIfAbsent(service, name);
                    if (other != null) {
                        throw new IllegalStateException("The beans " + other + " and " + name + " both implement the"
                                + " @RpcService " + service.getName() + ": one of them can be served");
                    }
                }
            }
        });
        return services;
    }

    /** What {@link Rpc#proxy} makes calls others and serves nobody. */
    private boolean implemented(String name, Class<?> type) {
        if (!type.isInterface() && !Proxy.isProxyClass(type)) {
            return true;
        }
        Object bean = beans.getBean(name);
        return !Proxy.isProxyClass(bean.getClass()) || AopUtils.isAopProxy(bean);
    }

    private static Set<Class<?>> annotated(Class<?> type) {
        return ClassUtils.getAllInterfacesForClassAsSet(type).stream()
                .filter(each -> each.isAnnotationPresent(RpcService.class))
                .collect(Collectors.toSet());
    }

    private static <S> Registration serve(Rpc rpc, Class<S> service, Object bean) {
        return rpc.serve(service, service.cast(bean));
    }

    @Override
    public void stop() {
        running = false;
        end();
    }

    /** An application that stops for good waits for the calls that run, while all beans are still there. */
    private void end() {
        Rpc stopping = rpc;
        rpc = null;
        if (stopping != null && application.isClosed()) {
            stopping.close();
        }
        served.forEach(Registration::close);
        served.clear();
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
