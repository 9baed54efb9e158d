/** Tasks and locks in a database: the transport that {@code docs/writing-a-transport.md} walks through. */
@NullMarked
package io.covey.cluster.examples.jdbc;

import org.jspecify.annotations.NullMarked;
