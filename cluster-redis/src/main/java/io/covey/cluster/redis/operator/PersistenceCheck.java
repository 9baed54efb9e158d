package io.covey.cluster.redis.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What survives the end of the process or of the machine. */
final class PersistenceCheck implements Check {
    private static final String FILE = "appendonly yes, appendfsync everysec";
    private static final String ACCEPTED = "what \"accepted\" means is Redis's durability: ";

    @Override
    public String name() {
        return "persistence";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        for (Instance server : where.masters()) {
            String appending = server.info("aof_enabled");
            if (appending.isEmpty()) {
                continue;
            }
            if (appending.equals("1")) {
                appendOnly(server, findings);
            } else {
                snapshots(server, findings);
            }
            if (server.info("rdb_last_bgsave_status").equals("err")) {
                findings.danger(
                        server.name(),
                        "the last save failed",
                        "all writes are refused (MISCONF) unless stop-writes-on-bgsave-error is no; what came since is on no disk",
                        "see the server's log: most often the disk is full or vm.overcommit_memory is 0");
            }
            if (server.isHere()) {
                disk(server, findings);
            }
        }
    }

    private static void appendOnly(Instance server, Findings findings) {
        String sync = server.setting("appendfsync").orElse("");
        if (sync.equals("no")) {
            findings.warning(
                    server.name(),
                    "appendfsync is no",
                    ACCEPTED + "a power cut loses what the system had not written yet, half a minute or so",
                    "appendfsync everysec");
        }
        if (server.setting("no-appendfsync-on-rewrite").orElse("").equals("yes") && !sync.equals("no")) {
            findings.warning(
                    server.name(),
                    "no-appendfsync-on-rewrite is yes",
                    ACCEPTED + "while the file is rewritten a power cut loses minutes",
                    "no-appendfsync-on-rewrite no");
        }
        for (String field : new String[] {"aof_last_write_status", "aof_last_bgrewrite_status"}) {
            if (server.info(field).equals("err")) {
                findings.danger(
                        server.name(),
                        field + " is err",
                        "writes are refused (MISCONF), or the file grows until the disk is full",
                        "see the server's log: most often the disk is full");
            }
        }
        if (server.infoNumber("aof_delayed_fsync", 0) > 0) {
            findings.warning(
                    server.name(),
                    server.info("aof_delayed_fsync") + " times the disk was too slow for appendfsync everysec",
                    ACCEPTED + "kill -9 of Redis may lose up to two seconds, and writes stalled",
                    "a faster disk, or one that nothing else writes to");
        }
    }

    private static void snapshots(Instance server, Findings findings) {
        String save = server.setting("save").orElse("unknown");
        boolean never = save.isBlank();
        findings.danger(
                server.name(),
                never
                        ? "nothing is kept on disk (appendonly no, save \"\")"
                        : "there are only snapshots (appendonly no" + (save.equals("unknown") ? "" : ", save " + save)
                                + "); " + server.info("rdb_changes_since_last_save") + " changes since the last",
                ACCEPTED
                        + (never
                                ? "a restart of Redis loses every task, and a master that comes back empty empties its replicas"
                                : "a crash loses every task that was accepted since the last snapshot, and brings back those that"
                                        + " were done"),
                FILE);
    }

    private static void disk(Instance server, Findings findings) {
        try {
            Path folder = Path.of(server.setting("dir").orElse(""));
            if (!folder.isAbsolute() || !Files.isDirectory(folder)) {
                return;
            }
            long free = Files.getFileStore(folder).getUsableSpace();
            long file = server.infoNumber("aof_current_size", 0);
            long needed = 2 * Math.max(file, server.infoNumber("used_memory", 0));
            if (free < needed) {
                findings.warning(
                        server.name(),
                        "the disk has " + (free >> 20) + " MiB left, a rewrite of the files may need " + (needed >> 20),
                        "when it is full writes are refused; with appendfsync always Redis ends itself",
                        "make room on the disk of " + Reply.shown(folder.toString()));
            }
        } catch (IOException | InvalidPathException e) {
            // it runs in another container, or not for our eyes
        }
    }
}
