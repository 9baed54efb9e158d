package io.covey.cluster.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The settings of the worker; what is not set is as the library has it. */
@ConfigurationProperties("covey.worker")
record WorkerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> queues,
        @DefaultValue Map<String, Integer> weights,
        @Nullable Integer concurrency,
        @Nullable Integer maxConcurrency,
        @Nullable Boolean virtualThreads,
        @Nullable Duration lease,
        @Nullable Duration beat,
        @Nullable Integer maxDeliveries,
        @Nullable Duration drain,
        @DefaultValue("true") boolean prefetch,
        @DefaultValue("true") boolean scheduler) {}
