package io.covey.cluster.spring.cache;

import io.covey.cluster.Cluster;
import io.covey.cluster.spring.ClusterAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.context.annotation.Bean;

/**
 * Has {@code @EnableCaching} use the caches of the cluster, unless the application has a cache manager of its own or says by
 * {@code spring.cache.type} which of Spring Boot's it wants.
 */
@AutoConfiguration(
        after = ClusterAutoConfiguration.class,
        beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnBooleanProperty(name = "covey.cache.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "spring.cache.type", havingValue = CacheAutoConfiguration.NOT_SET, matchIfMissing = true)
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnSingleCandidate(Cluster.class)
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
@EnableConfigurationProperties(CacheProperties.class)
public final class CacheAutoConfiguration {
    static final String NOT_SET = "not set at all";

    /** For Spring. */
    public CacheAutoConfiguration() {}

    @Bean
    ClusterCacheManager cacheManager(Cluster cluster, CacheProperties properties) {
        return new ClusterCacheManager(cluster, properties.names(), properties::of);
    }

    @Bean
    TypedCacheResolver coveyCacheResolver(ClusterCacheManager caches) {
        return new TypedCacheResolver(caches);
    }

    /** Has annotated methods resolve by their type; beans say what else Spring lets one choose. */
    @Bean
    @ConditionalOnMissingBean
    CachingConfigurer coveyCachingConfigurer(
            ObjectProvider<TypedCacheResolver> resolver,
            ObjectProvider<KeyGenerator> keys,
            ObjectProvider<CacheErrorHandler> errors) {
        return new CachingConfigurer() {
            @Override
            public CacheResolver cacheResolver() {
                return resolver.getObject();
            }

            @Override
            public @Nullable KeyGenerator keyGenerator() {
                return keys.getIfUnique();
            }

            @Override
            public @Nullable CacheErrorHandler errorHandler() {
                return errors.getIfUnique();
            }
        };
    }
}
