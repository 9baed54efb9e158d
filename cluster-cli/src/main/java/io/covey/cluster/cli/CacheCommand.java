package io.covey.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.EntryInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster cache}: values as the bytes that they are stored as, whatever their codec. */
@Command(
        name = "cache",
        description = {
            "The values of a cache, as they are stored: text or JSON is shown as such, other bytes are not.",
            "NAME is the name that the application gave the cache."
        },
        mixinStandardHelpOptions = true)
final class CacheCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: cache keys, get, set, del, size, clear, dump or load");
    }

    /** Which one, where. */
    private static final class Which {
        @Mixin
        private Connection connection;

        @Parameters(index = "0", paramLabel = "NAME", description = "Which cache")
        private String name;

        int with(ToIntFunction<Cache<byte[]>> body) {
            return with(CacheOptions.none(), body);
        }

        int with(CacheOptions options, ToIntFunction<Cache<byte[]>> body) {
            try (Cluster cluster = connection.join("cli")) {
                return body.applyAsInt(cluster.cache(name, byte[].class, options));
            }
        }
    }

    @Command(name = "keys", description = "The keys, in no order.", mixinStandardHelpOptions = true)
    int keys(
            @Mixin Which which,
            @Mixin Output output,
            @Parameters(
                            index = "1",
                            paramLabel = "PREFIX",
                            arity = "0..1",
                            description = "Only those that start with it",
                            defaultValue = "")
                    String prefix,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            description = "How many at most (default ${DEFAULT-VALUE})",
                            converter = Counts.Some.class,
                            defaultValue = "1000")
                    int limit) {
        return which.with(cache -> {
            try (Stream<String> keys = cache.keys(prefix)) {
                Iterator<String> each = keys.iterator();
                for (int shown = 0; shown < limit && each.hasNext(); shown++) {
                    String key = each.next();
                    output.row(key, Output.fields("key", key));
                }
                output.flush();
                if (each.hasNext()) {
                    output.error("cluster cache: there are more than " + limit + "; --limit shows them");
                }
            }
            return 0;
        });
    }

    @Command(
            name = "get",
            description = "One value, and with --json what is known of it. Status 1 if there is none.",
            mixinStandardHelpOptions = true)
    int get(
            @Mixin Which which,
            @Mixin Output output,
            @Option(names = "--raw", description = "Its bytes as they are, for a file: no line end, nothing escaped")
                    boolean raw,
            @Parameters(index = "1", paramLabel = "KEY", description = "Its key") String key) {
        return which.with(cache -> {
            Optional<byte[]> value = cache.get(key);
            if (value.isEmpty()) {
                output.error("cluster cache: no value under " + key);
                return 1;
            }
            if (raw) {
                output.raw(value.get());
                return 0;
            }
            Map<String, Object> fields = Output.fields("key", key, "value", Output.value(value.get()));
            Optional<EntryInfo> info = cache.info(key);
            info.ifPresent(known -> {
                fields.put("bytes", known.bytes());
                fields.put("written", known.written().toString());
                fields.put("expires", known.expires().map(Instant::toString).orElse("never"));
            });
            output.whole(new String(value.get(), UTF_8), fields);
            return 0;
        });
    }

    @Command(name = "set", description = "Writes a value: the bytes of TEXT.", mixinStandardHelpOptions = true)
    int set(
            @Mixin Which which,
            @Mixin Output output,
            @Option(names = "--ttl", paramLabel = "TIME", description = "For how long; without it for ever")
                    Duration ttl,
            @Parameters(index = "1", paramLabel = "KEY", description = "Its key") String key,
            @Parameters(index = "2", paramLabel = "TEXT", description = "Its value; JSON for most types") String text) {
        CacheOptions options = ttl == null ? CacheOptions.none() : CacheOptions.withTtl(ttl);
        return which.with(options, cache -> {
            cache.put(key, text.getBytes(UTF_8));
            output.line("written " + key, Output.fields("ok", true, "key", key));
            return 0;
        });
    }

    @Command(
            name = "del",
            description = "Removes values. Status 1 if one was not there.",
            mixinStandardHelpOptions = true)
    int del(
            @Mixin Which which,
            @Mixin Output output,
            @Parameters(index = "1..*", paramLabel = "KEY", arity = "1..*", description = "Their keys")
                    List<String> keys) {
        return which.with(cache -> {
            int missing = 0;
            for (String key : keys) {
                boolean removed = cache.remove(key);
                missing += removed ? 0 : 1;
                output.line((removed ? "removed " : "not there: ") + key, Output.fields("ok", removed, "key", key));
            }
            return missing == 0 ? 0 : 1;
        });
    }

    @Command(name = "size", description = "How many entries; it looks at every key.", mixinStandardHelpOptions = true)
    int size(@Mixin Which which, @Mixin Output output) {
        return which.with(cache -> {
            long size = cache.size();
            output.line(size + " entries", Output.fields("cache", cache.name(), "size", size));
            return 0;
        });
    }

    @Command(
            name = "clear",
            description = "Removes the values whose keys start with PREFIX, or with --all all.",
            mixinStandardHelpOptions = true)
    int clear(
            @Mixin Which which,
            @Mixin Output output,
            @Option(names = "--all", description = "All that are in the cache") boolean all,
            @Parameters(index = "1", paramLabel = "PREFIX", arity = "0..1", description = "Which") String prefix) {
        boolean some = prefix != null && !prefix.isEmpty();
        if (all == some) {
            throw new ParameterException(spec.commandLine(), "Either PREFIX, not empty, or --all says what to remove");
        }
        return which.with(cache -> {
            long removed = cache.clear(all ? "" : prefix);
            output.line("removed " + removed, Output.fields("ok", true, "removed", removed));
            return 0;
        });
    }

    @Command(
            name = "dump",
            description = "Writes all entries to FILE, with their times to live.",
            mixinStandardHelpOptions = true)
    int dump(
            @Mixin Which which,
            @Mixin Output output,
            @Parameters(index = "1", paramLabel = "FILE", description = "It appears when it is complete") Path file) {
        return which.with(cache -> {
            long written = cache.dump(file);
            output.line(
                    "%d entries in %s".formatted(written, file),
                    Output.fields("ok", true, "entries", written, "file", file.toString()));
            return 0;
        });
    }

    @Command(
            name = "load",
            description = "Writes the entries of a dump over those of the same keys. A damaged file is refused whole.",
            mixinStandardHelpOptions = true)
    int load(
            @Mixin Which which,
            @Mixin Output output,
            @Parameters(index = "1", paramLabel = "FILE", description = "What dump wrote") Path file) {
        return which.with(cache -> {
            long written = cache.load(file);
            output.line(
                    "%d entries of %s".formatted(written, file),
                    Output.fields("ok", true, "entries", written, "file", file.toString()));
            return 0;
        });
    }
}
