package io.covey.cluster.redis.operator;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One server, asked questions that change nothing. What it does not let us look at is noted once and then unknown. */
final class Instance implements AutoCloseable {
    private final RedisUri.Endpoint endpoint;
    private final String user;
    private final RedisDriver driver;
    private final Duration patience;
    private final Findings findings;
    private final Map<String, Optional<String>> settings = new HashMap<>();
    private @Nullable Map<String, String> info;
    private boolean withoutSettings;

    Instance(RedisUri uri, RedisDriver driver, Duration patience, Findings findings) {
        this.endpoint = uri.endpoints().get(0);
        this.user = uri.user().orElse("default");
        this.driver = driver;
        this.patience = patience;
        this.findings = findings;
    }

    String name() {
        return endpoint.toString();
    }

    /** Whether it runs on this machine, as far as its address tells. */
    boolean isHere() {
        return endpoint.host().equals("localhost")
                || endpoint.host().equals("::1")
                || endpoint.host().startsWith("127.");
    }

    /** The answer, empty if it may not be asked or knows no such thing. */
    Optional<Object> ask(String command, Object... args) {
        try {
            return Optional.ofNullable(
                    Await.on(driver.send(RedisCommand.of(command, args)), patience, command + " on " + name()));
        } catch (RedisErrorException e) {
            refused(command, args, e.error());
            return Optional.empty();
        }
    }

    /** Several questions in one round trip; an error stands in the place of its answer. */
    List<Object> askAll(List<RedisCommand> commands) {
        return Await.on(driver.sendAll(commands), patience, commands.size() + " commands on " + name());
    }

    private void refused(String command, Object[] args, RedisError error) {
        String code = error.code();
        String words = args.length > 0 && args[0] instanceof String word && word.matches("[A-Z-]{2,}")
                ? command + " " + word
                : command;
        if (code.equals("NOPERM")) {
            String right = "+" + words.toLowerCase(java.util.Locale.ROOT).replace(' ', '|');
            findings.unseen(
                    name(),
                    "the user " + user + " may not " + words + " (" + error.message() + ")",
                    "ACL SETUSER " + user + " " + (error.message().contains("key") ? "~PATTERN of these keys" : right));
        } else {
            findings.unseen(
                    name(),
                    words + " is not to be had here (" + error.message() + ")",
                    "look it up where the server is configured");
        }
    }

    /** What INFO says, all default sections. */
    Map<String, String> info() {
        Map<String, String> known = info;
        if (known == null) {
            known = ask("INFO").map(Reply::verbatim).map(Reply::lines).orElse(Map.of());
            info = known;
        }
        return known;
    }

    String info(String field) {
        return info().getOrDefault(field, "");
    }

    long infoNumber(String field, long otherwise) {
        return Reply.number(info(field), otherwise);
    }

    /** A setting; empty if it cannot be seen, as at providers that do not let one ask, or if there is none of this name. */
    Optional<String> setting(String name) {
        if (withoutSettings) {
            return Optional.empty();
        }
        Optional<String> known = settings.get(name);
        if (known == null) {
            Optional<Object> answer = ask("CONFIG", "GET", name);
            withoutSettings = answer.isEmpty();
            known = answer.map(Reply::pairs).map(pairs -> pairs.get(name));
            settings.put(name, known);
        }
        return known;
    }

    long settingNumber(String name, long otherwise) {
        return setting(name).map(text -> Reply.number(text, otherwise)).orElse(otherwise);
    }

    @Override
    public void close() {
        driver.close();
    }
}
