package io.covey.cluster.dashboard;

/** What a user of the dashboard may do. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Look, and change: pause queues, cancel tasks, run failed ones again or drop them. */
    OPERATOR
}
