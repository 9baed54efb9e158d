/** Rooms: memberships as rows of the directory, news and messages over the signed bus. */
@NullMarked
package io.covey.cluster.core.rooms;

import org.jspecify.annotations.NullMarked;
