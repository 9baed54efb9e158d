package io.covey.cluster.core.local;

import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Roster;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** The owners of a namespace and their rows. */
final class MemberTable {
    private final ReentrantLock lock = new ReentrantLock();
    private final VirtualClock virtual;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final NavigableMap<String, RowGroup> groups = new TreeMap<>();
    private long version;
    private long rowsWritten;

    MemberTable(LocalClock clock) {
        this.virtual = new VirtualClock(clock);
    }

    void passLeaseTime(Duration time) {
        lock.lock();
        try {
            virtual.pass(time);
        } finally {
            lock.unlock();
        }
    }

    Roster beat(String owner, Duration lease, long known) {
        lock.lock();
        try {
            long now = virtual.tick(lease);
            Member member = members.get(owner);
            boolean renewed = member != null;
            if (member == null) {
                member = new Member();
                members.put(owner, member);
                version++;
            }
            member.end = now + lease.toMillis();
            member.half = now + lease.toMillis() / 2;
            Set<String> overdue = overdue(now);
            return new Roster(
                    renewed, version, known == version ? Optional.empty() : Optional.of(alive()), overdue, late(now));
        } finally {
            lock.unlock();
        }
    }

    List<Row> bury(String owner, boolean self) {
        lock.lock();
        try {
            long now = virtual.tick();
            Member member = members.get(owner);
            if (member == null || !self && now < member.end) {
                return List.of();
            }
            members.remove(owner);
            version++;
            member.rows.values().forEach(row -> group(row.group()).remove(row.member()));
            member.rows.values().forEach(row -> dropIfEmpty(row.group()));
            return List.copyOf(member.rows.values());
        } finally {
            lock.unlock();
        }
    }

    Optional<Row> put(Row row) {
        lock.lock();
        try {
            Member member = members.get(row.owner());
            boolean nobodys = row.owner().equals(Directory.NOBODY);
            if (member == null && !nobodys) {
                throw new IllegalStateException("Owner " + row.owner() + " has not beaten yet or was buried; its row "
                        + row.member() + " of group " + row.group() + " is not written");
            }
            Optional<Row> before = group(row.group()).put(row, ++rowsWritten);
            before.ifPresent(this::disown);
            if (member != null) {
                member.rows.put(RowId.of(row), row);
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    Optional<Row> remove(String group, String member, String owner) {
        lock.lock();
        try {
            Optional<Row> row =
                    find(group, member).filter(found -> found.owner().equals(owner));
            row.ifPresent(found -> {
                group(group).remove(member);
                dropIfEmpty(group);
                disown(found);
            });
            return row;
        } finally {
            lock.unlock();
        }
    }

    Optional<Row> find(String group, String member) {
        lock.lock();
        try {
            return Optional.ofNullable(groups.get(group)).flatMap(rows -> rows.find(member));
        } finally {
            lock.unlock();
        }
    }

    Page<Row> page(String group, Optional<String> cursor, int limit) {
        long after = cursor.map(Long::valueOf).orElse(0L);
        lock.lock();
        try {
            RowGroup rows = groups.get(group);
            return rows == null ? new Page<>(List.of(), Optional.empty()) : rows.page(after, Math.max(1, limit));
        } finally {
            lock.unlock();
        }
    }

    Page<String> groups(String prefix, Optional<String> cursor, int limit) {
        lock.lock();
        try {
            List<String> items = new ArrayList<>();
            for (String name :
                    groups.tailMap(cursor.orElse(prefix), cursor.isEmpty()).keySet()) {
                if (!name.startsWith(prefix)) {
                    break;
                }
                if (items.size() == Math.max(1, limit)) {
                    return new Page<>(items, Optional.of(items.get(items.size() - 1)));
                }
                items.add(name);
            }
            return new Page<>(items, Optional.empty());
        } finally {
            lock.unlock();
        }
    }

    Map<String, Long> counts(Set<String> wanted) {
        lock.lock();
        try {
            Map<String, Long> counts = new LinkedHashMap<>();
            wanted.forEach(name ->
                    counts.put(name, groups.containsKey(name) ? groups.get(name).size() : 0L));
            return counts;
        } finally {
            lock.unlock();
        }
    }

    /** Marks who is overdue by now; each change of it is a new version, so that no reader keeps an old roster. */
    private Set<String> overdue(long now) {
        Set<String> overdue = new LinkedHashSet<>();
        members.forEach((owner, member) -> {
            boolean late = now >= member.end;
            if (late != member.overdue) {
                member.overdue = late;
                version++;
            }
            if (late) {
                overdue.add(owner);
            }
        });
        return overdue;
    }

    private Map<String, Duration> late(long now) {
        Map<String, Duration> late = new LinkedHashMap<>();
        members.forEach((owner, member) -> {
            if (now >= member.half && now < member.end) {
                late.put(owner, Duration.ofMillis(member.end - now));
            }
        });
        return late;
    }

    private Set<String> alive() {
        Set<String> alive = new LinkedHashSet<>();
        members.forEach((owner, member) -> {
            if (!member.overdue) {
                alive.add(owner);
            }
        });
        return alive;
    }

    private RowGroup group(String name) {
        return groups.computeIfAbsent(name, absent -> new RowGroup());
    }

    private void dropIfEmpty(String name) {
        groups.computeIfPresent(name, (same, rows) -> rows.size() == 0 ? null : rows);
    }

    private void disown(Row row) {
        Member owner = members.get(row.owner());
        if (owner != null) {
            owner.rows.remove(RowId.of(row));
        }
    }

    private record RowId(String group, String member) {

        static RowId of(Row row) {
            return new RowId(row.group(), row.member());
        }
    }

    private static final class Member {
        private final Map<RowId, Row> rows = new LinkedHashMap<>();
        private long end;
        private long half;
        private boolean overdue;
    }

    /** The rows of one group, in the order in which they first came. */
    private static final class RowGroup {
        private final Map<String, Long> numbers = new LinkedHashMap<>();
        private final TreeMap<Long, Row> rows = new TreeMap<>();

        private Optional<Row> put(Row row, long next) {
            long number = numbers.computeIfAbsent(row.member(), absent -> next);
            return Optional.ofNullable(rows.put(number, row));
        }

        private Optional<Row> find(String member) {
            return Optional.ofNullable(numbers.get(member)).map(rows::get);
        }

        private void remove(String member) {
            Long number = numbers.remove(member);
            if (number != null) {
                rows.remove(number);
            }
        }

        private long size() {
            return rows.size();
        }

        private Page<Row> page(long after, int limit) {
            List<Row> items = new ArrayList<>();
            long last = after;
            for (Map.Entry<Long, Row> next : rows.tailMap(after, false).entrySet()) {
                if (items.size() == limit) {
                    return new Page<>(items, Optional.of(Long.toString(last)));
                }
                items.add(next.getValue());
                last = next.getKey();
            }
            return new Page<>(items, Optional.empty());
        }
    }
}
