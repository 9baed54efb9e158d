package io.covey.cluster.redis.lettuce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the filter takes and what it leaves, however the stream is cut. */
class MessageFilterTest {
    private static final String SUBSCRIBED = ">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n";
    private static final List<String> REPLIES = List.of(
            "+PONG\r\n",
            ":-12\r\n",
            "_\r\n",
            "#t\r\n",
            ",-1.5e10\r\n",
            "(123456789012345678901234567890\r\n",
            "-ERR 3 of >3 went wrong\r\n",
            "$-1\r\n",
            "$0\r\n\r\n",
            "$5\r\nhello\r\n",
            "=8\r\ntxt:text\r\n",
            "!5\r\nERR x\r\n",
            "*-1\r\n",
            "*0\r\n",
            "*2\r\n:1\r\n$3\r\na\r\n\r\n",
            "*3\r\n*0\r\n*2\r\n$1\r\nx\r\n_\r\n%0\r\n",
            "~2\r\n+a\r\n+b\r\n",
            "%2\r\n$1\r\nk\r\n*1\r\n:2\r\n$1\r\nl\r\n$-1\r\n",
            "|1\r\n$1\r\nk\r\n$1\r\nv\r\n*1\r\n:7\r\n",
            bulk(message("message", "a", "inside a reply")),
            "*2\r\n" + bulk(message("message", "a", "inside")) + "+OK\r\n",
            SUBSCRIBED,
            ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n",
            ">2\r\n$10\r\ninvalidate\r\n_\r\n",
            ">3\r\n$7\r\nmessage\r\n$1\r\na\r\n:1\r\n",
            ">1\r\n$7\r\nmessage\r\n");

    private final List<String> heard = new ArrayList<>();
    private final RedisConnection.Listener listener = new RedisConnection.Listener() {
        @Override
        public void onPush(String kind, List<Object> elements) {
            heard.add(kind + elements.stream().map(MessageFilterTest::text).toList());
            if (heard.size() % 5 == 0) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public void onClosed(String reason) {
            heard.add("closed");
        }
    };
    private final EmbeddedChannel channel = new EmbeddedChannel(new MessageFilter());
    private final List<ByteBuf> sent = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        channel.finishAndReleaseAll();
        assertThat(sent).allMatch(piece -> piece.refCnt() == 0);
    }

    @Test
    void allGoesThroughUntilSomethingIsSubscribedTo() {
        String stream = String.join("", REPLIES) + message("message", "a", "1");
        send(stream);
        assertThat(through()).isEqualTo(stream);
        assertThat(heard).isEmpty();
        channel.writeOutbound(new LettuceBatch(List.of(RedisCommand.of("GET", "k")), () -> {}, reason -> {})
                .commands()
                .get(0));
        send(stream);
        assertThat(through()).isEqualTo(stream);
        assertThat(heard).isEmpty();
    }

    @Test
    void messagesAreTakenOutAndAllElseIsLeftHoweverItIsCut() {
        subscribe();
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            heard.clear();
            StringBuilder stream = new StringBuilder();
            StringBuilder rest = new StringBuilder();
            List<String> messages = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                if (random.nextBoolean()) {
                    String reply = REPLIES.get(random.nextInt(REPLIES.size()));
                    stream.append(reply);
                    rest.append(reply);
                } else {
                    message(random, stream, messages);
                }
            }
            cut(stream.toString(), random, seed % 3 == 0 ? 1 : 1 + random.nextInt(200));
            assertThat(through()).as("seed %s", seed).isEqualTo(rest.toString());
            assertThat(heard).as("seed %s", seed).isEqualTo(messages);
        }
    }

    private static void message(Random random, StringBuilder stream, List<String> messages) {
        String content = "\r\n>$*".repeat(random.nextInt(8));
        switch (random.nextInt(3)) {
            case 0 -> {
                stream.append(message("message", "a", content));
                messages.add("message" + List.of("a", content));
            }
            case 1 -> {
                stream.append(message("smessage", "b", content));
                messages.add("smessage" + List.of("b", content));
            }
            default -> {
                stream.append(message("pmessage", "a*", "ab", content));
                messages.add("pmessage" + List.of("a*", "ab", content));
            }
        }
    }

    @Test
    void aLargeMessageComesInManyPieces() {
        subscribe();
        String large = "x".repeat(5_000_000);
        cut(SUBSCRIBED + message("message", "a", large) + message("message", "a", "next"), new Random(1), 40_000);
        assertThat(heard).containsExactly("message" + List.of("a", large), "message" + List.of("a", "next"));
        assertThat(through()).isEqualTo(SUBSCRIBED);
    }

    @Test
    void whatIsHeldWhenTheConnectionEndsIsLetGo() {
        subscribe();
        send("+OK\r\n" + message("message", "a", "text").substring(0, 30));
        assertThat(through()).isEqualTo("+OK\r\n");
        assertThat(heard).isEmpty();
    }

    private void subscribe() {
        LettuceBatch batch = new LettuceBatch(List.of(RedisCommand.of("SUBSCRIBE", "a")), () -> {}, reason -> {});
        batch.commands().get(0).pushesTo(listener);
        channel.writeOutbound(batch.commands());
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
        sent.add(bytes);
        channel.writeInbound(bytes);
    }

    private String through() {
        StringBuilder through = new StringBuilder();
        for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            through.append(piece.toString(ISO_8859_1));
            piece.release();
        }
        return through.toString();
    }

    private static String message(String... elements) {
        return ">" + elements.length + "\r\n"
                + List.of(elements).stream().map(MessageFilterTest::bulk).collect(Collectors.joining());
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static String text(Object element) {
        return new String((byte[]) element, ISO_8859_1);
    }
}
