/**
 * A web chat on several nodes: rooms with a history for who is there and what was said, members for where else to connect
 * to. Start it with {@code bin/chat}.
 */
@NullMarked
package io.covey.cluster.examples.chat;

import org.jspecify.annotations.NullMarked;
