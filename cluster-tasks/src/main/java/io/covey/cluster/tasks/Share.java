package io.covey.cluster.tasks;

/**
 * What a queue got of a worker's claims, by its weight: who is most behind gets the next. Over any time in which all have
 * work each gets its share to within a trip; who had none does not save up.
 */
final class Share {
    private int weight = 1;
    private double got;
    private boolean active;
    private int budget;

    void weight(int other) {
        weight = other;
    }

    /** How many the next trip may claim. */
    int budget() {
        return budget;
    }

    void budget(int most) {
        budget = most;
    }

    /** It has work now, or not; {@code least} is what those with work got at least, the largest number for nobody. */
    void active(boolean now, double least) {
        if (now && !active && least < Double.MAX_VALUE) {
            got = Math.max(got, least);
        }
        active = now;
    }

    boolean isActive() {
        return active;
    }

    double got() {
        return got;
    }

    /** One more in its budget. */
    void give() {
        budget++;
        got += 1.0 / weight;
    }

    /** What was asked for and did not come is not counted. */
    void claimed(int asked, int came) {
        got -= (double) Math.max(0, asked - came) / weight;
    }
}
