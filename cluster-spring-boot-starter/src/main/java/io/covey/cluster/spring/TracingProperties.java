package io.covey.cluster.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What is traced. */
@ConfigurationProperties("covey.tracing")
record TracingProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("500") int attemptsPerSecond) {}
