package io.covey.cluster.spring;

import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Starts applications as Spring Boot does, each on an in-process cluster of its own unless told otherwise. */
public final class Applications {

    /** What every application has. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    public static class Plain {}

    private Applications() {}

    public static ConfigurableApplicationContext run(Class<?> source, String... properties) {
        return builder(source, properties).run();
    }

    public static SpringApplicationBuilder builder(Class<?> source, String... properties) {
        String own = "covey.uri=" + local();
        return new SpringApplicationBuilder(Plain.class, source)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .properties(Stream.concat(Stream.of(own), Stream.of(properties)).toArray(String[]::new));
    }

    /** An in-process cluster that nobody else is in. */
    public static String local() {
        return "local:" + UUID.randomUUID();
    }
}
