package io.covey.cluster.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListTest {
    @TempDir
    Path folder;

    @Test
    void listsEveryRegularFileOnceWhateverItsNameButNotVersionControl() throws IOException {
        Files.createDirectories(folder.resolve("sub/.git"));
        Files.writeString(folder.resolve("sub/.git/config"), "");
        Files.writeString(folder.resolve("a\nb \"c\""), "");
        Files.writeString(folder.resolve("sub/d"), "");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("sub/d"));
        List<String> seen = new ArrayList<>();
        try (FileList files = FileList.of(new Folder(folder))) {
            assertThat(files.size()).isEqualTo(2);
            files.portions(1, seen::addAll);
        }
        assertThat(seen).containsExactlyInAnyOrder("a\nb \"c\"", "sub/d");
    }
}
