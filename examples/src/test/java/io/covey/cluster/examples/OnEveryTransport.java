package io.covey.cluster.examples;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test that is given each scheme of a transport in turn. */
@ParameterizedTest
@ValueSource(strings = {"local", "redis+jedis", "redis+lettuce"})
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnEveryTransport {}
