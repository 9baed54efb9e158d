package io.covey.cluster.tasks;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What else can be said of a task that is added. Immutable. Headers and a key need a queue of kind OWN, see
 * {@link NamedQueue#change}; what a queue cannot keep is refused whole.
 *
 * @param queue another queue than its type's
 * @param id a name given by the caller: within 24 hours a second task of this id is not added to the queue
 * @param due when it may run, empty for now; backends may round up to a second
 * @param headers travel with the task, to {@link TaskContext}; such as {@code traceparent}
 * @param key whose task it is, instead of what {@link TaskType#key} says
 * @param dedupe what is done about tasks like it, instead of what its type says
 */
public record EnqueueOptions(
        Optional<String> queue,
        Optional<String> id,
        Optional<Instant> due,
        Map<String, String> headers,
        Optional<String> key,
        Optional<Dedupe> dedupe) {
    private static final EnqueueOptions NONE = new EnqueueOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_HEADER_NAME = 128;
    private static final int LONGEST_HEADERS = 16 * 1024;
    private static final String OURS = "covey.";

    /** Checks the components. */
    public EnqueueOptions {
        queue.ifPresent(name -> Names.check("queue", name));
        id.ifPresent(text -> checkText("id of a task", text));
        key.ifPresent(EnqueueOptions::checkKey);
        headers = checkHeaders(headers);
    }

    /**
     * Nothing special: the queue of the type, no id, now, and what the type says.
     *
     * @return the options
     */
    public static EnqueueOptions none() {
        return NONE;
    }

    /**
     * With an id.
     *
     * @param text 1 to 200 characters
     * @return a copy
     */
    public EnqueueOptions withId(String text) {
        return new EnqueueOptions(queue, Optional.of(text), due, headers, key, dedupe);
    }

    /**
     * On a queue.
     *
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @return a copy
     */
    public EnqueueOptions withQueue(String name) {
        return new EnqueueOptions(Optional.of(name), id, due, headers, key, dedupe);
    }

    /**
     * Not before a time.
     *
     * @param time by the backend's clock, see {@link io.covey.cluster.Cluster#clock()}; in the past means now
     * @return a copy
     */
    public EnqueueOptions withDue(Instant time) {
        return new EnqueueOptions(queue, id, Optional.of(time), headers, key, dedupe);
    }

    /**
     * With a header more, or another value of one.
     *
     * @param name 1 to 128 printable ASCII characters without blanks; not one that starts with {@code covey.}
     * @param value any text; all headers of a task have at most 16,384 characters together
     * @return a copy
     */
    public EnqueueOptions withHeader(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new EnqueueOptions(queue, id, due, more, key, dedupe);
    }

    /**
     * Of somebody: the tasks of one key are served in turn with those of the others, and may be limited for themselves.
     *
     * @param whose 1 to 200 characters, none of them a control character
     * @return a copy
     */
    public EnqueueOptions withKey(String whose) {
        return new EnqueueOptions(queue, id, due, headers, Optional.of(whose), dedupe);
    }

    /**
     * Not added while a task of the same type and arguments waits or runs. As {@link TaskType#uniqueUntilDone(Duration)},
     * except that on a queue of kind SHARED, whose tasks cannot say that they hold a lock, only a worker whose type says
     * so frees it before its time.
     *
     * @param longest it may be added again after this time in any case
     * @return a copy
     */
    public EnqueueOptions uniqueUntilDone(Duration longest) {
        return withDedupe(Alike.unique(Dedupe.Until.DONE, longest));
    }

    /**
     * As {@link #uniqueUntilDone(Duration)}, of a name instead of type and arguments.
     *
     * @param name of what is alike, 1 to 200 characters
     * @param longest it may be added again after this time in any case
     * @return a copy
     */
    public EnqueueOptions uniqueUntilDone(String name, Duration longest) {
        return withDedupe(Alike.named(Alike.unique(Dedupe.Until.DONE, longest), name));
    }

    /**
     * Not added while a task of the same type and arguments waits. As {@link TaskType#uniqueUntilStarted(Duration)}.
     *
     * @param longest it may be added again after this time in any case
     * @return a copy
     */
    public EnqueueOptions uniqueUntilStarted(Duration longest) {
        return withDedupe(Alike.unique(Dedupe.Until.STARTED, longest));
    }

    /**
     * As {@link #uniqueUntilStarted(Duration)}, of a name instead of type and arguments.
     *
     * @param name of what is alike, 1 to 200 characters
     * @param longest it may be added again after this time in any case
     * @return a copy
     */
    public EnqueueOptions uniqueUntilStarted(String name, Duration longest) {
        return withDedupe(Alike.named(Alike.unique(Dedupe.Until.STARTED, longest), name));
    }

    /**
     * At most one in a time: the first is added, later ones of the same type and arguments are duplicates until it is over.
     *
     * @param time from the first on
     * @return a copy
     */
    public EnqueueOptions throttle(Duration time) {
        return withDedupe(Alike.unique(Dedupe.Until.EXPIRY, time));
    }

    /**
     * As {@link #throttle(Duration)}, of a name instead of type and arguments.
     *
     * @param name of what is alike, 1 to 200 characters
     * @param time from the first on
     * @return a copy
     */
    public EnqueueOptions throttle(String name, Duration time) {
        return withDedupe(Alike.named(Alike.unique(Dedupe.Until.EXPIRY, time), name));
    }

    /**
     * Runs when no further task of the type was added for a time; each replaces the one before.
     *
     * @param quiet how long
     * @return a copy
     */
    public EnqueueOptions debounce(Duration quiet) {
        return withDedupe(Alike.debounce(quiet));
    }

    /**
     * As {@link #debounce(Duration)}, of a name instead of the type.
     *
     * @param name of what is alike, 1 to 200 characters
     * @param quiet how long
     * @return a copy
     */
    public EnqueueOptions debounce(String name, Duration quiet) {
        return withDedupe(Alike.named(Alike.debounce(quiet), name));
    }

    private EnqueueOptions withDedupe(Dedupe rule) {
        return new EnqueueOptions(queue, id, due, headers, key, Optional.of(rule));
    }

    static String checkKey(String text) {
        return checkText("key of a task", text);
    }

    private static String checkText(String what, String text) {
        if (text.isEmpty() || text.length() > LONGEST_ID || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("The " + what + " must have 1 to " + LONGEST_ID
                    + " characters, none a control character, had " + text.length() + ": \"" + Names.printable(text)
                    + "\"");
        }
        return text;
    }

    private static Map<String, String> checkHeaders(Map<String, String> headers) {
        int length = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = header.getKey();
            if (name.isEmpty()
                    || name.length() > LONGEST_HEADER_NAME
                    || name.startsWith(OURS)
                    || name.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IllegalArgumentException("The name of a header must have 1 to " + LONGEST_HEADER_NAME
                        + " printable ASCII characters and not start with " + OURS + ", was \"" + Names.printable(name)
                        + "\"");
            }
            length += name.length() + header.getValue().length();
        }
        if (length > LONGEST_HEADERS) {
            throw new IllegalArgumentException(
                    "The headers of a task may have " + LONGEST_HEADERS + " characters together, had " + length);
        }
        return Map.copyOf(headers);
    }
}
