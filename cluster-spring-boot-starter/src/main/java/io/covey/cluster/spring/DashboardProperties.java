package io.covey.cluster.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Where this node serves a dashboard, and for whom. */
@ConfigurationProperties("covey.dashboard")
record DashboardProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8081") int port,
        @Nullable String usersFile,
        @DefaultValue List<String> hosts,
        @DefaultValue("false") boolean behindProxy,
        @DefaultValue("2s") Duration interval) {}
