package io.covey.cluster.spi;

import java.time.Duration;
import java.util.OptionalLong;

/** What became of the wish for a lock or a permit. */
public sealed interface LeaseAttempt {

    /**
     * The fence of what was given.
     *
     * @return empty if nothing was
     */
    OptionalLong fence();

    /**
     * It is the owner's.
     *
     * @param number the fence of a lock: positive, below 2^53 and larger than any this lock had before; 0 for a permit
     */
    record Granted(long number) implements LeaseAttempt {

        @Override
        public OptionalLong fence() {
            return OptionalLong.of(number);
        }
    }

    /**
     * Somebody else has it.
     *
     * @param left until the lease ends that ends first, unless it is renewed; positive. A hint for when to ask again.
     */
    record Busy(Duration left) implements LeaseAttempt {

        @Override
        public OptionalLong fence() {
            return OptionalLong.empty();
        }
    }
}
