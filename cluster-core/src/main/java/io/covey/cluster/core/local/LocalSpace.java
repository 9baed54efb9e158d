package io.covey.cluster.core.local;

/** What the connections of one namespace share. */
record LocalSpace(
        Entries entries,
        Counters counters,
        ListTable lists,
        LockTable locks,
        PermitTable permits,
        MemberTable members,
        Subscriptions messages,
        Histories histories) {

    LocalSpace(LocalClock clock) {
        this(
                new Entries(clock),
                new Counters(clock),
                new ListTable(clock),
                new LockTable(clock),
                new PermitTable(clock),
                new MemberTable(clock),
                new Subscriptions(),
                new Histories(clock));
    }
}
