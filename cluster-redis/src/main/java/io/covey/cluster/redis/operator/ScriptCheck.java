package io.covey.cluster.redis.operator;

import io.covey.cluster.redis.Scripts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What kept the servers busy so long that everybody else waited. */
final class ScriptCheck implements Check {
    private static final int ENTRIES = 128;
    private static final long LONG_MICROS = 100_000;
    private static final long LIMIT_MILLIS = 5000;

    private record Slow(int times, long worst) {
        Slow and(long micros) {
            return new Slow(times + 1, Math.max(worst, micros));
        }
    }

    @Override
    public String name() {
        return "scripts";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        for (Instance server : where.masters()) {
            slow(where, server, findings);
            Optional<String> limit = server.setting("busy-reply-threshold").or(() -> server.setting("lua-time-limit"));
            long millis = limit.map(text -> Reply.number(text, LIMIT_MILLIS)).orElse(LIMIT_MILLIS);
            if (millis > 0 && millis < 1000) {
                findings.warning(
                        server.name(),
                        "lua-time-limit is " + millis + " ms",
                        "calls are refused (BUSY) and repeated while a script runs that would be done soon",
                        "lua-time-limit 5000");
            }
            if (server.settingNumber("slowlog-log-slower-than", 0) < 0) {
                findings.info(server.name(), "slow commands are not noted", "slowlog-log-slower-than 10000");
            }
        }
    }

    private static void slow(Landscape where, Instance server, Findings findings) {
        Map<String, Slow> ours = new TreeMap<>();
        Map<String, Slow> others = new TreeMap<>();
        for (Object entry : Reply.list(server.ask("SLOWLOG", "GET", ENTRIES).orElse(List.of()))) {
            List<?> parts = Reply.list(entry);
            if (parts.size() < 4) {
                continue;
            }
            long micros = Reply.number(parts.get(2), 0);
            List<String> words =
                    Reply.list(parts.get(3)).stream().map(Reply::text).toList();
            String name = words.isEmpty() ? "" : words.get(0).toUpperCase(Locale.ROOT);
            Optional<String> script = name.equals("EVALSHA") && words.size() > 1
                    ? Scripts.name(words.get(1)).map(file -> file + ".lua")
                    : name.equals("EVAL")
                                    && words.size() > 3
                                    && where.families().of(words.get(3)).isPresent()
                            ? Optional.of("a script that was sent in full")
                            : Optional.empty();
            script.ifPresentOrElse(
                    file -> ours.merge(file, new Slow(1, micros), (sum, one) -> sum.and(micros)),
                    () -> others.merge(Reply.shown(name), new Slow(1, micros), (sum, one) -> sum.and(micros)));
        }
        ours.forEach((file, slow) -> tell(server, file, slow, true, findings));
        others.forEach((name, slow) -> tell(server, name, slow, false, findings));
    }

    private static void tell(Instance server, String name, Slow slow, boolean ours, Findings findings) {
        String what = (ours ? name : name + ", not ours,") + " was slow " + slow.times + " times, " + slow.worst / 1000
                + " ms at worst (SLOWLOG)";
        if (slow.worst < LONG_MICROS) {
            if (ours) {
                findings.info(server.name(), what, "");
            }
            return;
        }
        findings.warning(
                server.name(),
                what,
                "meanwhile nobody is served: beats and leases wait, and above the command timeout calls fail",
                ours
                        ? "see its arguments in SLOWLOG GET and the size of its keys in cluster keys; a slow machine does it too"
                        : "have whoever sends it send it to a server of its own");
    }
}
