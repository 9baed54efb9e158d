package io.covey.cluster.redis.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandWriterTest {
    private final CommandWriter writer = new CommandWriter();

    @Test
    void aCommandIsAListOfTexts() {
        assertThat(written(List.of(RedisCommand.of("SET", "key", "", -12L))))
                .isEqualTo("*4\r\n$3\r\nSET\r\n$3\r\nkey\r\n$0\r\n\r\n$3\r\n-12\r\n");
    }

    @Test
    void whatOnlyPushesAnswerTakesAPingAlong() {
        assertThat(written(List.of(RedisCommand.of("SSUBSCRIBE", "a"), RedisCommand.of("GET", "b"))))
                .isEqualTo("*2\r\n$10\r\nSSUBSCRIBE\r\n$1\r\na\r\n*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\nb\r\n");
    }

    @Test
    void commandsOfAnySizeFollowOneAnother() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<RedisCommand> commands = new ArrayList<>();
            StringBuilder expected = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                Object[] args = new Object[random.nextInt(seed % 10 == 0 ? 300 : 5)];
                expected.append('*').append(args.length + 1).append("\r\n$4\r\nEVAL\r\n");
                for (int n = 0; n < args.length; n++) {
                    String arg = "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 40_000 : 200));
                    args[n] = arg;
                    expected.append('$')
                            .append(arg.length())
                            .append("\r\n")
                            .append(arg)
                            .append("\r\n");
                }
                commands.add(RedisCommand.of("EVAL", args));
            }
            assertThat(written(commands)).as("seed %s", seed).isEqualTo(expected.toString());
        }
    }

    private String written(List<RedisCommand> commands) {
        ByteBuf out = Unpooled.buffer();
        writer.write(commands, out);
        String text = out.toString(UTF_8);
        assertThat((long) out.readableBytes()).isLessThanOrEqualTo(CommandWriter.most(commands));
        out.release();
        return text;
    }
}
