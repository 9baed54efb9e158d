package io.covey.cluster.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerBinaryTest {

    @Test
    void aServerOnThePathComesFirstAndRedisBeforeValkey(@TempDir Path first, @TempDir Path second) throws Exception {
        String path = first + File.pathSeparator + second;
        assertThat(ServerBinary.onPath(path)).isEmpty();
        assertThat(ServerBinary.onPath(null)).isEmpty();

        Path valkey = executable(first.resolve("valkey-server"));
        assertThat(ServerBinary.onPath(path)).contains(valkey);

        Files.writeString(first.resolve("redis-server"), "not executable");
        Path redis = executable(second.resolve("redis-server"));
        assertThat(ServerBinary.onPath(path)).contains(redis);
    }

    @Test
    void unpackedAtTheSameTimeItIsWholeAndLeavesNoParts(@TempDir Path directory) {
        String name = ServerBinary.bundled().getFileName().toString();
        List<CompletableFuture<Path>> all = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> unpack(name, directory)))
                .toList();
        Path whole = directory.resolve(name);
        assertThat(all).extracting(CompletableFuture::join).containsOnly(whole);
        assertThat(whole).isExecutable().hasSameBinaryContentAs(ServerBinary.bundled());
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aDamagedCopyIsReplaced(@TempDir Path directory) throws Exception {
        String name = ServerBinary.bundled().getFileName().toString();
        executable(directory.resolve(name));
        assertThat(unpack(name, directory)).hasSameBinaryContentAs(ServerBinary.bundled());
    }

    @Test
    void aSystemWithoutBundleIsToldWhatToDo(@TempDir Path directory) throws Exception {
        assertThatIllegalStateException()
                .isThrownBy(() -> ServerBinary.unpack("redis-server-7.0.15-plan9-amd64", directory))
                .withMessageContaining("put redis-server on the PATH or set COVEY_REDIS_URI");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    private static Path executable(Path file) throws Exception {
        Files.writeString(file, "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static Path unpack(String name, Path directory) {
        try {
            return ServerBinary.unpack(name, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
