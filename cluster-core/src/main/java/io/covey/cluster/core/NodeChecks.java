package io.covey.cluster.core;

import io.covey.cluster.Health.Check;
import io.covey.cluster.Health.Question;
import io.covey.cluster.Health.Report;
import io.covey.cluster.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** What is asked when somebody wants to know how a node is. */
final class NodeChecks {
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    Registration add(Question question, String name, Supplier<Optional<String>> trouble) {
        Entry entry = new Entry(question, name, trouble);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    Report report(Question question) {
        List<Check> checks = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.question == question) {
                checks.add(entry.check());
            }
        }
        return Report.of(checks);
    }

    /** Compared by identity: two workers may have checks of one name. */
    private static final class Entry {
        private final Question question;
        private final String name;
        private final Supplier<Optional<String>> trouble;

        Entry(Question question, String name, Supplier<Optional<String>> trouble) {
            this.question = question;
            this.name = name;
            this.trouble = trouble;
        }

        Check check() {
            try {
                return Check.of(name, trouble.get());
            } catch (RuntimeException e) {
                return new Check(name, false, "the check threw " + e);
            }
        }
    }
}
