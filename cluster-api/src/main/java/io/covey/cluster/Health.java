package io.covey.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a node is: whether its backend answers, what became of the messages, and the two questions that whoever runs
 * a process asks: is it {@linkplain #live alive}, is it {@linkplain #ready ready}.
 */
public interface Health {

    /**
     * The state now.
     *
     * @return as last seen
     */
    State state();

    /**
     * Hears of each change, in order, on a thread of this node's that is not a network thread.
     *
     * @param listener hears the new state
     * @return ends the listening
     */
    Registration onChange(Consumer<State> listener);

    /**
     * How many messages were dropped for what reason since this node joined. A message that several subscriptions of
     * this node drop counts for each.
     *
     * @return every reason with its count, a copy
     */
    Map<Rejection, Long> rejected();

    /**
     * How many messages this node has sent and heard.
     *
     * @return the counts now
     */
    MessageStats messages();

    /**
     * Whether the loops of this node get on: its heart, its timers, and what was added by {@link #check}. If not, only a
     * restart helps. A backend that does not answer is no reason. Cheap; what stands still is found by asking again, at
     * least half a minute later.
     *
     * @return the answer with its reasons
     */
    Report live();

    /**
     * Whether this node can be given work: the backend answers, subscriptions are proven to hear, the node is known as a
     * member, it is not closing, and what was added by {@link #check} agrees. Cheap, asks nobody.
     *
     * @return the answer with its reasons
     */
    Report ready();

    /**
     * Has what is built on this node, such as a worker, asked too.
     *
     * @param question which
     * @param name names the check, in a word or two
     * @param trouble what is wrong, in one line, empty if nothing is; asked by any thread, must be quick
     * @return ends that
     */
    Registration check(Question question, String name, Supplier<Optional<String>> trouble);

    /** What whoever runs a process wants to know. */
    enum Question {
        /** See {@link #live}. */
        LIVE,
        /** See {@link #ready}. */
        READY
    }

    /**
     * An answer.
     *
     * @param ok whether nothing is wrong
     * @param checks what was looked at
     */
    record Report(boolean ok, List<Check> checks) {

        /** Copies the checks. */
        public Report {
            checks = List.copyOf(checks);
        }

        /**
         * Of some checks.
         *
         * @param checks what was looked at
         * @return well if all are
         */
        public static Report of(List<Check> checks) {
            return new Report(checks.stream().allMatch(Check::ok), checks);
        }
    }

    /**
     * Something that was looked at.
     *
     * @param name what
     * @param ok whether it is well
     * @param trouble what is wrong with it, in one line; empty if nothing is
     */
    record Check(String name, boolean ok, String trouble) {

        /**
         * With what is wrong, if something is.
         *
         * @param name what
         * @param trouble what is wrong with it
         * @return the check
         */
        public static Check of(String name, Optional<String> trouble) {
            return new Check(name, trouble.isEmpty(), trouble.orElse(""));
        }
    }

    /**
     * A state.
     *
     * @param up whether the backend answers
     * @param since since when
     * @param reason why it is down, in one line; empty if it is up
     */
    record State(boolean up, Instant since, Optional<String> reason) {}
}
