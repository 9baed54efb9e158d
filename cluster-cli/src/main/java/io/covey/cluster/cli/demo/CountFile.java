package io.covey.cluster.cli.demo;

import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.tasks.TaskType;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The demo's one task: count a file.
 *
 * @param folder where the file is
 * @param path which file, relative to the folder
 * @param paceMillis how long to dawdle, so that there is something to watch
 */
record CountFile(String folder, String path, long paceMillis) {
    static final TaskType<CountFile> TYPE =
            TaskType.of("count-file", CountFile.class).on("files");
    static final String CACHE = "counts";
    static final String STATS = "progress";
    static final String DONE = "done";
    static final Procedure<String, Share> SHARE = Procedure.of("demo.share", String.class, Share.class);

    /** The channel on which a worker says how far it is. */
    static String channel(String worker) {
        return "/demo/milestones/" + worker;
    }

    /**
     * What a task leaves in the cache, under the file's key: one that ran twice counts once.
     *
     * @param count what was counted
     * @param worker who counted it
     * @param deliveries how many workers were handed the task; more than 1 if one died with it
     */
    record Result(FileCount count, String worker, int deliveries) {}

    /**
     * What a worker says when it is asked for its share.
     *
     * @param done how many files it has counted
     * @param working on which files it works
     */
    record Share(long done, List<String> working) {}

    /** A cache key for any path, however long and whatever characters it has. */
    static String key(String path) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, hash).toString(36);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
