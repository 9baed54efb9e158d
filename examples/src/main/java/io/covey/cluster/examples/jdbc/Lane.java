package io.covey.cluster.examples.jdbc;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Status;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The last step of a lane with a queue. Every answer is recorded, empty ones too: a late copy of a claim that found
 * nothing would otherwise claim work that nobody knows of.
 *
 * @param seq of the last step, 0 if the lane is not known
 * @param answer its answer, words
 * @param fence of what it claimed, 0 for nothing
 */
record Lane(long seq, List<String> answer, long fence) {

    static Lane of(QueueRow queue, Call call) {
        return queue.session
                .first(
                        row -> new Lane(row.getLong(1), List.of(row.getString(2).split(",")), row.getLong(3)),
                        "SELECT seq, answer, fence FROM covey_lane WHERE queue = ? AND name = ?",
                        queue.id,
                        call.lane())
                .orElse(new Lane(0, List.of(), 0));
    }

    Status judge(Call call) {
        if (call.seq() < 1) {
            throw new IllegalArgumentException(
                    "Calls of a lane are numbered from 1, was " + call.seq() + " of lane " + call.lane());
        }
        if (seq == 0) {
            return call.seq() == 1 ? Status.OK : Status.UNKNOWN;
        }
        if (call.seq() == seq) {
            return Status.REPLAY;
        }
        return call.seq() > seq ? Status.OK : Status.STALE;
    }

    static void record(QueueRow queue, Call call, List<?> answer, long fence) {
        String words = answer.stream().map(Object::toString).collect(Collectors.joining(","));
        long now = queue.session.now();
        int known = queue.session.update(
                "UPDATE covey_lane SET seq = ?, answer = ?, fence = ?, used_at = ? WHERE queue = ? AND name = ?",
                call.seq(),
                words,
                fence,
                now,
                queue.id,
                call.lane());
        if (known == 0) {
            queue.session.update(
                    "INSERT INTO covey_lane VALUES (?, ?, ?, ?, ?, ?)",
                    queue.id,
                    call.lane(),
                    call.seq(),
                    words,
                    fence,
                    now);
        }
    }
}
