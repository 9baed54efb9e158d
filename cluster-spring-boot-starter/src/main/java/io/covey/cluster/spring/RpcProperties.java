package io.covey.cluster.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How the node serves and calls. */
@ConfigurationProperties("covey.rpc")
record RpcProperties(
        @DefaultValue("true") boolean serve,
        @DefaultValue("64") int threads,
        @DefaultValue("1024") int waiting,
        @DefaultValue("10000") int openCalls,
        @DefaultValue("false") boolean askForStackTraces,
        @DefaultValue("false") boolean tellStackTraces) {}
