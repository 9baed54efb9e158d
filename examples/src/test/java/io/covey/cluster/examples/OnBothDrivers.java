package io.covey.cluster.examples;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test that is given the scheme of each driver for Redis in turn. */
@ParameterizedTest
@ValueSource(strings = {"redis+jedis", "redis+lettuce"})
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnBothDrivers {}
