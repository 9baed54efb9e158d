package io.covey.cluster.bench.peers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where what others made is, once {@code bin/peers} has built or fetched it. */
final class Peers {
    private static final Path HOME = Path.of("cluster-bench", "peers");

    private Peers() {}

    /** The class path of one in Java. */
    static String library(String peer) {
        return target(peer).resolve("lib") + File.separator + "*";
    }

    /** The script of one in Node; empty where its packages could not be had. */
    static Optional<Path> script(String peer, String name) {
        return Optional.of(target(peer).resolve(name))
                .filter(script -> Files.exists(script.resolveSibling("node_modules")))
                .map(Path::toAbsolutePath);
    }

    private static Path target(String peer) {
        return HOME.resolve(peer).resolve("target");
    }
}
