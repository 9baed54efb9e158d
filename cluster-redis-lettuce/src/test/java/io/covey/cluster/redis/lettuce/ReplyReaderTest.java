package io.covey.cluster.redis.lettuce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.redis.driver.RedisError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a stream, however it is cut. */
class ReplyReaderTest {
    private record Case(String sent, String read) {}

    private static final List<Case> CASES = List.of(
            new Case("+PONG\r\n", "PONG"),
            new Case("+\r\n", ""),
            new Case(":-12\r\n", "-12L"),
            new Case(":9223372036854775807\r\n", "9223372036854775807L"),
            new Case("_\r\n", "null"),
            new Case("#t\r\n", "1L"),
            new Case("#f\r\n", "0L"),
            new Case(",-1.5e10\r\n", "-15000000000"),
            new Case(",0.1\r\n", "0.1"),
            new Case(",inf\r\n", "inf"),
            new Case(",-inf\r\n", "-inf"),
            new Case(",nan\r\n", "nan"),
            new Case("(123456789012345678901234567890\r\n", "123456789012345678901234567890"),
            new Case("-ERR 3 of >3 went wrong\r\n", "error ERR 3 of >3 went wrong"),
            new Case("$-1\r\n", "null"),
            new Case("$0\r\n\r\n", ""),
            new Case("$5\r\nhello\r\n", "hello"),
            new Case("=8\r\ntxt:text\r\n", "text"),
            new Case("!5\r\nERR x\r\n", "error ERR x"),
            new Case("*-1\r\n", "null"),
            new Case("*0\r\n", "[]"),
            new Case("~0\r\n", "[]"),
            new Case("%0\r\n", "[]"),
            new Case("*2\r\n:1\r\n$3\r\na\r\n\r\n", "[1L, a\r\n]"),
            new Case("*3\r\n*0\r\n*2\r\n$1\r\nx\r\n_\r\n%0\r\n", "[[], [x, null], []]"),
            new Case("*2\r\n-ERR inside\r\n+OK\r\n", "[error ERR inside, OK]"),
            new Case("~2\r\n+a\r\n+b\r\n", "[a, b]"),
            new Case("%2\r\n$1\r\nk\r\n*1\r\n:2\r\n$1\r\nl\r\n$-1\r\n", "[k, [2L], l, null]"),
            new Case("|1\r\n$1\r\nk\r\n$1\r\nv\r\n*1\r\n:7\r\n", "[7L]"),
            new Case("*2\r\n|1\r\n+k\r\n*1\r\n+v\r\n:1\r\n|0\r\n:2\r\n", "[1L, 2L]"),
            new Case("*2\r\n" + bulk(message("a", "inside")) + "+OK\r\n", "[" + message("a", "inside") + ", OK]"),
            new Case(message("a", "one"), "push message [a, one]"),
            new Case(message("a", ""), "push message [a, ]"),
            new Case(message("b", "\r\n>$*"), "push message [b, \r\n>$*]"),
            new Case(">4\r\n$8\r\npmessage\r\n$2\r\na*\r\n$2\r\nab\r\n$1\r\nx\r\n", "push pmessage [a*, ab, x]"),
            new Case(">3\r\n$8\r\nsmessage\r\n$1\r\na\r\n$1\r\nx\r\n", "push smessage [a, x]"),
            new Case(">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n", "push subscribe [a, 1L]"),
            new Case(">3\r\n$11\r\nunsubscribe\r\n_\r\n:0\r\n", "push unsubscribe [null, 0L]"),
            new Case(">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n", "push invalidate [[k]]"),
            new Case(">2\r\n+invalidate\r\n_\r\n", "push invalidate [null]"),
            new Case(">1\r\n$7\r\nmessage\r\n", "push message []"),
            // After all those, texts and lines longer than what is read at once.
            new Case(bulk("long ".repeat(10_000)), "long ".repeat(10_000)),
            new Case("!40001\r\n" + "e".repeat(40_001) + "\r\n", "error " + "e".repeat(40_001)),
            new Case("+" + "l".repeat(70_000) + "\r\n", "l".repeat(70_000)));

    private final List<String> read = new ArrayList<>();
    private final ReplyReader reader = new ReplyReader(new ReplyReader.Sink() {
        @Override
        public void onReply(Object reply) {
            read.add(text(reply));
        }

        @Override
        public void onPush(String kind, List<Object> elements) {
            read.add("push " + kind + " " + text(elements));
        }
    });

    @Test
    void everyKindOfReplyIsReadHoweverItIsCut() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            StringBuilder stream = new StringBuilder();
            List<String> expected = new ArrayList<>();
            read.clear();
            for (int i = 0; i < 30; i++) {
                Case one = CASES.get(random.nextInt(seed % 10 == 0 ? CASES.size() : CASES.size() - 3));
                stream.append(one.sent);
                expected.add(one.read);
            }
            cut(stream.toString(), random, seed % 10 == 0 ? 40_000 : 1 + random.nextInt(seed % 3 == 0 ? 2 : 200));
            assertThat(read).as("seed %s", seed).isEqualTo(expected);
        }
    }

    @Test
    void everyReplyIsReadByteByByte() {
        for (Case one : CASES) {
            read.clear();
            cut(one.sent + "+next\r\n", new Random(1), 1);
            assertThat(read).containsExactly(one.read, "next");
        }
    }

    @Test
    void aChannelThatChangesIsReadAnewEachTime() {
        for (String channel : List.of("a", "a", "ab", "a", "b", "")) {
            send(message(channel, "x"));
        }
        assertThat(read)
                .containsExactly(
                        "push message [a, x]",
                        "push message [a, x]",
                        "push message [ab, x]",
                        "push message [a, x]",
                        "push message [b, x]",
                        "push message [, x]");
    }

    @Test
    void listsInListsNeedNoStack() {
        List<Object> raw = new ArrayList<>();
        ReplyReader plain = new ReplyReader(new ReplyReader.Sink() {
            @Override
            public void onReply(Object reply) {
                raw.add(reply);
            }

            @Override
            public void onPush(String kind, List<Object> elements) {
                raw.add(kind);
            }
        });
        ByteBuf bytes = Unpooled.copiedBuffer("*1\r\n".repeat(100_000) + ":1\r\n:2\r\n", ISO_8859_1);
        plain.read(bytes);
        bytes.release();
        assertThat(raw).hasSize(2);
        int depth = 0;
        Object inside = raw.get(0);
        while (inside instanceof List<?> list) {
            inside = list.get(0);
            depth++;
        }
        assertThat(depth).isEqualTo(100_000);
        assertThat(raw.get(1)).isEqualTo(2L);
    }

    @Test
    void aSizeThatIsOnlyClaimedTakesNoMemory() {
        send("*2147483647\r\n:1\r\n");
        send("%2147483647\r\n:1\r\n");
        assertThat(read).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?\r\n", "\r\n", ":1x\r\n", "$1.5\r\n", "$4294967296\r\n", ">1\r\n:1\r\n", ",x\r\n"})
    void whatIsNotTheProtocolIsRefused(String sent) {
        assertThatThrownBy(() -> send(sent)).isInstanceOf(RuntimeException.class);
        assertThat(read).isEmpty();
    }

    @Test
    void aLineWithoutEndIsRefused() {
        String piece = "x".repeat(100_000);
        send("+");
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        send(piece);
                    }
                })
                .hasMessageContaining("line of more than 1048576 bytes");
    }

    private void cut(String stream, Random random, int longest) {
        for (int at = 0; at < stream.length(); ) {
            int end = Math.min(stream.length(), at + 1 + random.nextInt(longest));
            send(stream.substring(at, end));
            at = end;
        }
    }

    private void send(String piece) {
        ByteBuf bytes = Unpooled.copiedBuffer(piece, ISO_8859_1);
        reader.read(bytes);
        assertThat(bytes.isReadable()).isFalse();
        bytes.release();
    }

    private static String message(String channel, String content) {
        return ">3\r\n" + bulk("message") + bulk(channel) + bulk(content);
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static String text(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(ReplyReaderTest::text).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof byte[] bytes) {
            return new String(bytes, ISO_8859_1);
        }
        if (value instanceof RedisError error) {
            return "error " + error.message();
        }
        return value instanceof Long number ? number + "L" : String.valueOf(value);
    }
}
