package io.covey.cluster.dashboard;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What was said of a dashboard. */
record Settings(
        List<User> users,
        List<String> hosts,
        Duration interval,
        Duration session,
        Duration idle,
        Proxy proxy,
        Optional<Role> open,
        String cookie) {}
