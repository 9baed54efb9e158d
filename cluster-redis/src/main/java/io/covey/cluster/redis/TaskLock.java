package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Release;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The lock of a unique task: a field among the locks of its queue. On a shared queue, where the lock stands for the type with
 * its arguments, it is the key of node-resque's QueueLock too, which both fleets obey.
 *
 * @param field among the queue's locks
 * @param holder who may free it, empty for anybody
 * @param mutex the key of node-resque's lock, if it counts
 */
record TaskLock(String field, String holder, Optional<String> mutex) {

    /**
     * @param key as the caller named what is alike
     * @param args in canonical form
     * @param id of the task, empty on a shared queue
     */
    static TaskLock of(
            TaskKeys keys, String queue, Optional<String> key, String type, String args, Optional<String> id) {
        String field = key.map(name -> "uk" + name).orElseGet(() -> "ud" + digest(type + "\n" + args));
        Optional<String> mutex =
                key.isPresent() || id.isPresent() ? Optional.empty() : Optional.of(keys.mutex(type, queue, args));
        return new TaskLock(field, id.orElse(""), mutex);
    }

    /** The lock that somebody wants to be freed; none if the task cannot be read. */
    static Optional<TaskLock> of(TaskKeys keys, String queue, Release release) {
        return release.content() instanceof Content.Readable task
                ? Optional.of(of(keys, queue, release.key(), task.type(), canonical(queue, task), task.id()))
                : Optional.empty();
    }

    /** The lock that a task holds which nobody will run, unless time alone is to free it. */
    static Optional<TaskLock> of(TaskKeys keys, String queue, Content content) {
        if (!(content instanceof Content.Readable task)) {
            return Optional.empty();
        }
        if (task.id().isEmpty()) {
            return Optional.of(
                    of(keys, queue, Optional.empty(), task.type(), canonical(queue, task), Optional.empty()));
        }
        return task.unique()
                .filter(unique -> unique.until() != Dedupe.Until.EXPIRY)
                .map(unique -> of(keys, queue, unique, task));
    }

    /** The lock of a unique task that was read. */
    static TaskLock of(TaskKeys keys, String queue, Dedupe.Unique unique, Content.Readable task) {
        return of(keys, queue, unique.key(), task.type(), canonical(queue, task), task.id());
    }

    private static String canonical(String queue, Content.Readable task) {
        return new String(ResqueJob.canonicalArgs(queue, task.type(), task.args()), UTF_8);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
