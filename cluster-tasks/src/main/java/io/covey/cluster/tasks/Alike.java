package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Dedupe;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a type says of its producers' tasks: whose they are, and what is done about those alike.
 *
 * @param key whose task it is
 * @param by names what is alike; without it the type (debounce) or the type with its arguments (unique) does
 * @param rule what is done about them, without its key
 */
record Alike<P>(
        @Nullable Function<? super P, String> key,
        @Nullable Function<? super P, String> by,
        @Nullable Dedupe rule) {

    static <P> Alike<P> nothing() {
        return new Alike<>(null, null, null);
    }

    Alike<P> withKey(Function<? super P, String> other) {
        return new Alike<>(other, by, rule);
    }

    Alike<P> with(@Nullable Function<? super P, String> names, Dedupe other) {
        return new Alike<>(key, names, other);
    }

    static Dedupe unique(Dedupe.Until until, Duration longest) {
        if (longest.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "The longest time of a unique task must be at least 1ms, was " + longest);
        }
        return new Dedupe.Unique(Optional.empty(), until, longest);
    }

    static Dedupe debounce(Duration quiet) {
        if (quiet.toMillis() < 1) {
            throw new IllegalArgumentException("The quiet time of a debounce must be at least 1ms, was " + quiet);
        }
        return new Dedupe.Debounce(Optional.empty(), quiet);
    }

    Optional<String> keyOf(P payload) {
        return key == null ? Optional.empty() : Optional.of(key.apply(payload));
    }

    Optional<Dedupe> ruleOf(P payload) {
        if (rule == null || by == null) {
            return Optional.ofNullable(rule);
        }
        return Optional.of(named(rule, by.apply(payload)));
    }

    static Dedupe named(Dedupe rule, String name) {
        Optional<String> checked = Optional.of(EnqueueOptions.checkKey(name));
        return rule instanceof Dedupe.Unique unique
                ? new Dedupe.Unique(checked, unique.until(), unique.longest())
                : new Dedupe.Debounce(checked, ((Dedupe.Debounce) rule).quiet());
    }
}
