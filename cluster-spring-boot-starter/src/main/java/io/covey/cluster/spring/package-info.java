/**
 * A node of a cluster in a Spring Boot application: beans for the cluster, its tasks and its calls, and annotations for
 * methods of beans that run tasks and hear messages. See docs/spring-boot.md.
 */
@NullMarked
package io.covey.cluster.spring;

import org.jspecify.annotations.NullMarked;
