package io.covey.cluster.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Who is alive, and what each holds: rows in groups, each row of one owner. An owner is one process incarnation. When it
 * is buried its rows go with it, each handed to one caller.
 *
 * <p>Leases run on a virtual clock: while nobody beats (the backend was away, everybody was cut off) nobody dies.
 */
public interface Directory {

    /** The owner of rows that are nobody's: they stay until they are removed. */
    String NOBODY = "";

    /** The group of the rows that say who the members are. A backend that is full takes them all the same, see {@link #put}. */
    String NODES = "nodes";

    /** The group of the rows that say which members were buried for being silent, taken by a full backend as well. */
    String DEAD = "dead";

    /**
     * Says that an owner is alive. One round trip and constant work for the backend but for the reply.
     *
     * @param owner who
     * @param lease for how long
     * @param known the version of the roster the caller has, 0 for none
     * @return who is alive and who is overdue
     */
    CompletionStage<Roster> beat(String owner, Duration lease, long known);

    /**
     * Removes an owner and all its rows: one that says goodbye, or one that is overdue. An owner that is alive can only
     * be removed by itself.
     *
     * @param owner whose rows
     * @param self whether the owner itself asks
     * @return the rows removed; each row is handed to one caller only, however many call
     */
    CompletionStage<List<Row>> bury(String owner, boolean self);

    /**
     * Writes a row; one of the same group and member is replaced, whoever owned it. A backend that takes nothing more because
     * it is full refuses it, but not in the groups {@link #NODES} and {@link #DEAD}: workers must be able to join and empty
     * it, and operators to look.
     *
     * @param row the row; one of {@link #NOBODY} stays until it is removed
     * @return the row that was replaced, empty if there was none; each row is handed to one caller only, here or by
     *     {@link #remove} or {@link #bury}. Fails with {@link IllegalStateException} if the owner has not beaten yet or
     *     was buried
     */
    CompletionStage<Optional<Row>> put(Row row);

    /**
     * Removes a row if it is the owner's.
     *
     * @param group the group
     * @param member the row
     * @param owner whose it must be
     * @return the row removed; empty if there is none, or it is another's
     */
    CompletionStage<Optional<Row>> remove(String group, String member, String owner);

    /**
     * Finds a row.
     *
     * @param group the group
     * @param member the row
     * @return the row, whether its owner is alive or not; empty if there is none
     */
    CompletionStage<Optional<Row>> find(String group, String member);

    /**
     * Lists a group a page at a time. A row that is there all the while is listed at least once.
     *
     * @param group the group
     * @param cursor empty to begin, else that of the page before
     * @param limit about how many
     * @return some rows, perhaps none although there are more pages
     */
    CompletionStage<Page<Row>> page(String group, Optional<String> cursor, int limit);

    /**
     * Lists the groups that have rows, in the order of their names as bytes. A group that is there all the while is listed
     * once.
     *
     * @param prefix what their names start with, in ASCII, not empty
     * @param cursor empty to begin, else that of the page before
     * @param limit how many at most, at least 1
     * @return some groups
     */
    CompletionStage<Page<String>> groups(String prefix, Optional<String> cursor, int limit);

    /**
     * Counts the rows of groups.
     *
     * @param groups which
     * @return group to number of rows; an unknown group has none
     */
    CompletionStage<Map<String, Long>> counts(Set<String> groups);

    /**
     * A row.
     *
     * @param group what kind of thing, for example {@code nodes} or {@code room:lobby}
     * @param member which one
     * @param owner who holds it, or {@link #NOBODY}
     * @param data what else there is to know
     */
    record Row(String group, String member, String owner, byte[] data) {}

    /**
     * Who is there.
     *
     * @param renewed false if the owner was not known, being new or buried: it must write its rows (again)
     * @param version grows whenever an owner comes or goes; a cluster whose data was lost starts anew
     * @param alive those whose lease runs; empty if nothing has changed since the version the caller knew
     * @param overdue those whose lease ran out and who wait to be buried
     * @param late those alive who have used up more than half of their lease, and how much of it is left; some of them if
     *     they are very many
     */
    record Roster(
            boolean renewed,
            long version,
            Optional<Set<String>> alive,
            Set<String> overdue,
            Map<String, Duration> late) {}
}
