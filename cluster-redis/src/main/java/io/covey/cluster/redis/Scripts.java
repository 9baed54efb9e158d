package io.covey.cluster.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scripts by their hashes, for those who look after a server: a log of slow commands has nothing else. */
public final class Scripts {
    /** What others begin with. */
    static final List<List<String>> PARTS =
            List.of(List.of("gaps", "directory-clock"), List.of("gaps", "task/lib"), List.of("task/add"));

    static final List<String> NAMES = List.of(
            "actionhero-destroy",
            "actionhero-join",
            "actionhero-load",
            "actionhero-save",
            "actionhero-unlock",
            "cache-persist",
            "cache-put",
            "cache-remove",
            "cache-timed",
            "counters-add",
            "directory-beat",
            "directory-bury",
            "directory-put",
            "directory-remove",
            "history-publish",
            "history-read",
            "list-pop",
            "list-push",
            "lock-acquire",
            "lock-extend",
            "lock-release",
            "recurring/list",
            "recurring/put",
            "recurring/remove",
            "recurring/tick",
            "semaphore-acquire",
            "semaphore-extend",
            "semaphore-holders",
            "semaphore-release",
            "task/admit",
            "task/beat",
            "task/cancel",
            "task/cancel-remove",
            "task/cancel-scan",
            "task/drain",
            "task/enqueue",
            "task/failed-many",
            "task/free",
            "task/give-back",
            "task/give-back-delayed",
            "task/holdings",
            "task/kept",
            "task/leases",
            "task/lock-run",
            "task/note",
            "task/promote",
            "task/remove-delayed",
            "task/remove-type",
            "task/retry-failed",
            "task/retry-rich",
            "task/schedule",
            "task/settings",
            "task/stray",
            "task/turn",
            "task/unlock-run",
            "task/upkeep",
            "workers/orphan",
            "workers/report",
            "workers/retire");

    private static final Map<String, String> BY_HASH = hashes();

    private Scripts() {}

    /** With each part and without, since whoever sends a script says with what it begins. */
    private static Map<String, String> hashes() {
        Map<String, String> names = new HashMap<>();
        for (String name : NAMES) {
            names.put(Script.of(name).sha(), name);
            PARTS.forEach(parts ->
                    names.put(Script.of(name, parts.toArray(String[]::new)).sha(), name));
        }
        return Map.copyOf(names);
    }

    /**
     * The name of a script.
     *
     * @param hash as {@code EVALSHA} is given it
     * @return such as {@code task/turn}; empty if it is none of this version
     */
    public static Optional<String> name(String hash) {
        return Optional.ofNullable(BY_HASH.get(hash));
    }
}
