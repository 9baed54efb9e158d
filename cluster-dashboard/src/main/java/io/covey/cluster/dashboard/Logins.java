package io.covey.cluster.dashboard;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks names and passwords: a name that nobody has costs the same time, and only a few at once are checked. */
final class Logins {
    private static final int AT_ONCE = 2;

    private final Map<String, User> users;
    private final PasswordHash nobody;
    private final Semaphore permits = new Semaphore(AT_ONCE);

    Logins(List<User> users) {
        this.users = users.stream().collect(Collectors.toMap(User::name, Function.identity()));
        this.nobody = PasswordHash.of(Secrets.token());
    }

    /** The answer to an attempt. */
    sealed interface Attempt {
        /** Welcome. */
        record In(User user) implements Attempt {}

        /** No such user, or not this password. */
        record Wrong() implements Attempt {}

        /** Others are being checked. */
        record Busy() implements Attempt {}
    }

    Attempt check(String name, String password) {
        if (!permits.tryAcquire()) {
            return new Attempt.Busy();
        }
        try {
            Optional<User> user = Optional.ofNullable(users.get(name));
            boolean right = user.map(User::password).orElse(nobody).matches(password);
            return right && user.isPresent() ? new Attempt.In(user.get()) : new Attempt.Wrong();
        } finally {
            permits.release();
        }
    }
}
