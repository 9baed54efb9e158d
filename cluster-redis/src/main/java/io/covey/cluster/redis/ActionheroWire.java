package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.ClusterException;
import io.covey.cluster.CodecException;
import io.covey.cluster.spi.Names;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The messages of actionhero's channel, field by field as its nodes write them. Holds the token, and never shows it. */
final class ActionheroWire {
    static final int MOST_BYTES = 1 << 20;
    private static final String SERVER = "0";

    private final ActionheroFormat format;
    private final String token;
    private final byte[] tokenBytes;
    private final String server;

    /**
     * @param format of what is written on our own account; answers are in the form of the question, both are read
     * @param server what we call ourselves
     */
    ActionheroWire(ActionheroFormat format, String token, String server) {
        this.format = format;
        this.token = token;
        this.tokenBytes = token.getBytes(UTF_8);
        this.server = server;
    }

    /** What came. */
    sealed interface Message {}

    /**
     * A method is to be run.
     *
     * @param of9 whether version 9 asks, or 29
     * @param connection whose holder alone is meant
     */
    record Do(
            String id,
            boolean of9,
            String method,
            Optional<String> connection,
            List<@Nullable Object> args,
            String server)
            implements Message {}

    /**
     * A method was run.
     *
     * @param response of version 9 the arguments of a callback, sorted as texts
     */
    record Answer(String id, boolean of9, @Nullable Object response) implements Message {

        /** Version 9 sorts the arguments of a callback, so that error and result cannot be told apart by their places. */
        @Nullable
        Object result(String what) {
            if (!of9 || !(response instanceof List<?> arguments)) {
                return response;
            }
            List<?> some = arguments.stream().filter(Objects::nonNull).toList();
            if (some.size() > 1) {
                throw new ClusterException(what + " was answered with " + some.size() + " values, perhaps an error: "
                        + Names.printable(new String(JsonWriter.canonical(some), UTF_8)));
            }
            return some.isEmpty() ? null : some.get(0);
        }
    }

    /** Somebody said something in a room. */
    record Chat(String room, String from, @Nullable Object message, Instant sentAt, String server) implements Message {}

    /** A type of message that applications have made for themselves. */
    record Other() implements Message {}

    /** It is not for us; the message says why in one line, without its content. */
    static final class RejectedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final ActionheroTally.Kind kind;

        RejectedException(ActionheroTally.Kind kind, String reason) {
            super(reason, null, false, false);
            this.kind = kind;
        }

        ActionheroTally.Kind kind() {
            return kind;
        }
    }

    String server() {
        return server;
    }

    boolean of9() {
        return format == ActionheroFormat.V9;
    }

    byte[] call(String id, String method, Optional<String> connection, List<@Nullable Object> args) {
        Map<String, @Nullable Object> fields = begin("do");
        fields.put(of9() ? "requestId" : "messageId", id);
        fields.put("method", method);
        if (of9() || connection.isPresent()) {
            fields.put("connectionId", connection.orElse(null));
        }
        fields.put("args", args);
        return bounded(fields, "the call of " + method);
    }

    /** Version 9 calls its callback back with what is in a list: with no error, and the result. */
    byte[] answer(Do question, @Nullable Object result) {
        Map<String, @Nullable Object> fields = begin("doResponse");
        fields.put(question.of9 ? "requestId" : "messageId", question.id);
        List<@Nullable Object> callback = new ArrayList<>();
        callback.add(null);
        callback.add(result);
        fields.put("response", question.of9 ? callback : result);
        return bounded(fields, "the answer to " + question.method);
    }

    /**
     * @param from a connection, empty for the server itself
     */
    byte[] chat(String room, Optional<String> from, @Nullable Object message, long sentAt) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("messageType", "chat");
        fields.put("serverToken", token);
        fields.put("serverId", server);
        fields.put("message", message);
        fields.put("sentAt", new Json.Num(Long.toString(sentAt)));
        Map<String, @Nullable Object> connection = new LinkedHashMap<>();
        Object nobody = of9() ? new Json.Num(SERVER) : SERVER;
        connection.put("id", from.<Object>map(id -> id).orElse(nobody));
        connection.put("room", room);
        fields.put("connection", connection);
        return bounded(fields, "the message to room \"" + room + "\"");
    }

    private Map<String, @Nullable Object> begin(String type) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("messageType", type);
        fields.put("serverId", server);
        fields.put("serverToken", token);
        return fields;
    }

    private static byte[] bounded(Map<String, @Nullable Object> fields, String what) {
        byte[] bytes = JsonWriter.canonical(fields);
        if (bytes.length > MOST_BYTES) {
            throw new CodecException("actionhero: " + what + " has " + bytes.length + " bytes of JSON, the limit is "
                    + MOST_BYTES + "; it was not sent");
        }
        return bytes;
    }

    /**
     * @param bytes at most {@link #MOST_BYTES}
     */
    Message read(byte[] bytes) throws RejectedException {
        Object tree;
        try {
            tree = Json.readShallow(bytes);
        } catch (Json.MalformedException e) {
            throw malformed(e.getMessage());
        }
        if (!(tree instanceof Map<?, ?> fields)) {
            throw malformed("it is no JSON object");
        }
        if (!(fields.get("serverToken") instanceof String theirs)
                || !MessageDigest.isEqual(theirs.getBytes(UTF_8), tokenBytes)) {
            throw new RejectedException(ActionheroTally.Kind.FOREIGN, "it has another server token");
        }
        return switch (text(fields, "messageType")) {
            case "do" -> call(fields);
            case "doResponse" -> new Answer(messageId(fields), fields.get("requestId") != null, fields.get("response"));
            case "chat" -> chat(fields);
            default -> new Other();
        };
    }

    private static Do call(Map<?, ?> fields) throws RejectedException {
        Object args = fields.get("args");
        List<@Nullable Object> list = new ArrayList<>();
        if (args instanceof List<?> several) {
            list.addAll(several);
        } else if (args != null) {
            list.add(args);
        }
        return new Do(
                messageId(fields),
                fields.get("messageId") == null,
                text(fields, "method"),
                optional(fields.get("connectionId")).filter(id -> !id.isEmpty()),
                list,
                optional(fields.get("serverId")).orElse(""));
    }

    private static String messageId(Map<?, ?> fields) throws RejectedException {
        return text(fields, fields.get("messageId") == null ? "requestId" : "messageId");
    }

    private static Chat chat(Map<?, ?> fields) throws RejectedException {
        if (!(fields.get("connection") instanceof Map<?, ?> connection)
                || !(fields.get("sentAt") instanceof Json.Num sentAt)) {
            throw malformed("a chat message needs a connection and the time when it was sent");
        }
        return new Chat(
                text(connection, "room"),
                optional(connection.get("id")).orElse(SERVER),
                fields.get("message"),
                ActionheroEntry.time(sentAt).orElseThrow(() -> malformed("sentAt is no time of JavaScript's")),
                optional(fields.get("serverId")).orElse(""));
    }

    /** A number stands for itself: version 9 says 0 for the server. */
    private static Optional<String> optional(@Nullable Object value) {
        if (value instanceof Json.Num number) {
            return Optional.of(number.digits());
        }
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static String text(Map<?, ?> fields, String name) throws RejectedException {
        return optional(fields.get(name)).orElseThrow(() -> malformed("it has no " + name));
    }

    private static RejectedException malformed(String reason) {
        return new RejectedException(ActionheroTally.Kind.MALFORMED, reason);
    }
}
