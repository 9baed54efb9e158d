package io.covey.cluster.spring.cache;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * Finds the caches of an annotated method, their values of the type that the method returns: what is in an
 * {@link Optional}, a {@link CompletionStage} or a reactive type, for these; a list of it for a reactive type of many.
 */
public final class TypedCacheResolver implements CacheResolver {
    private final ClusterCacheManager caches;
    private final Map<Place, Type> types = new ConcurrentHashMap<>();

    /** A method as a class has it. */
    private record Place(Method method, Class<?> target) {}

    /**
     * Resolves by a manager.
     *
     * @param caches the caches
     */
    public TypedCacheResolver(ClusterCacheManager caches) {
        this.caches = caches;
    }

    @Override
    public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
        Class<?> target = AopUtils.getTargetClass(context.getTarget());
        Type type = types.computeIfAbsent(new Place(context.getMethod(), target), TypedCacheResolver::type);
        List<Cache> found = new ArrayList<>();
        for (String name : context.getOperation().getCacheNames()) {
            Cache cache = caches.getCache(name, type);
            if (cache == null) {
                throw new IllegalArgumentException("The cache " + name + " of " + context.getMethod()
                        + " is none of covey.cache.names, which are " + caches.getCacheNames());
            }
            found.add(cache);
        }
        return found;
    }

    private static Type type(Place place) {
        ResolvableType returned = ResolvableType.forMethodReturnType(place.method(), place.target());
        Class<?> raw = returned.toClass();
        ResolvableType value = returned;
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
        if (CompletionStage.class.isAssignableFrom(raw)) {
            value = returned.as(CompletionStage.class).getGeneric(0);
        } else if (adapter != null) {
            ResolvableType each = returned.getGeneric(0);
            value = adapter.isMultiValue() ? ResolvableType.forClassWithGenerics(List.class, each) : each;
        }
        if (value.toClass() == Optional.class) {
            value = value.getGeneric(0);
        }
        Class<?> valueClass = value.toClass();
        if (valueClass == void.class || valueClass == Void.class) {
            return Object.class;
        }
        return value.hasUnresolvableGenerics() || value.getType() instanceof TypeVariable
                ? valueClass
                : value.getType();
    }
}
