package io.covey.cluster.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What is measured. */
@ConfigurationProperties("covey.metrics")
record MetricsProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("true") boolean queues,
        @DefaultValue("15s") Duration queueInterval) {}
