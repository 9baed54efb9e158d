package io.covey.cluster.tasks;

/**
 * What became of the tasks of a queue that was given back.
 *
 * @param tasks how many were given back
 * @param held how many are still held
 * @param workers by how many workers that are alive
 */
public record GivenBack(long tasks, long held, int workers) {

    /**
     * Whether nobody holds one any more.
     *
     * @return false if it is to be done again when those workers have stopped
     */
    public boolean all() {
        return held == 0;
    }
}
