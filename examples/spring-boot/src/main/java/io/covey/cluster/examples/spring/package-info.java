/** A Spring Boot application. */
package io.covey.cluster.examples.spring;
