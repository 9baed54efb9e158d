package io.covey.cluster.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.embedded.RedisServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir
    Path folder;

    @Test
    void aKilledProcessLosesNothing() throws Exception {
        fill(240);
        StringWriter out = new StringWriter();
        try (RedisServer server = RedisServer.start()) {
            String uri = server.uri().replace("redis://", "redis+lettuce://");
            boolean equal = new Demo(uri, new Folder(folder), 25L, new PrintWriter(out)).run();
            assertThat(equal).as(out.toString()).isTrue();
        }
        assertThat(out.toString())
                .contains("kill -9 ")
                .contains("worker-1 says: I counted")
                .contains("nothing was lost")
                .containsPattern("files +240 +240")
                .containsPattern("of these binary +1 +1")
                .containsPattern("lost +0");
    }

    private void fill(int files) throws IOException {
        Files.write(folder.resolve("binary"), new byte[] {0, 1, 2});
        for (int i = 1; i < files; i++) {
            Files.writeString(folder.resolve("file-" + i + ".txt"), ("the tiger number " + i + "\n").repeat(i));
        }
    }
}
