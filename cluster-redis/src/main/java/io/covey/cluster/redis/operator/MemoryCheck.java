package io.covey.cluster.redis.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether there is a limit, how far it is, and what the system does when it is reached. */
final class MemoryCheck implements Check {
    private static final long MIB = 1 << 20;
    private static final double FRAGMENTED = 1.5;
    private static final Path OVERCOMMIT = Path.of("/proc/sys/vm/overcommit_memory");

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        for (Instance server : where.masters()) {
            long used = server.infoNumber("used_memory", -1);
            if (used < 0) {
                continue;
            }
            limit(server, used, findings);
            fragmentation(server, used, findings);
            if (server.isHere()) {
                overcommit(server, findings);
            }
        }
    }

    private static void limit(Instance server, long used, Findings findings) {
        long most = server.infoNumber("maxmemory", 0);
        long machine = server.infoNumber("total_system_memory", 0);
        if (most == 0) {
            findings.warning(
                    server.name(),
                    "maxmemory is not set; " + used / MIB + " MiB are used"
                            + (machine > 0 ? " of the machine's " + machine / MIB : ""),
                    "instead of refusing what is enqueued Redis grows until the system kills it, and what is not on its disk"
                            + " is lost",
                    "maxmemory " + (machine > 0 ? machine * 6 / 10 / MIB + "mb" : "60% of the machine's memory"));
            return;
        }
        long percent = used * 100 / most;
        if (percent >= 95) {
            findings.danger(
                    server.name(),
                    percent + " % of maxmemory are used (" + used / MIB + " of " + most / MIB + " MiB)",
                    "at 100 % enqueues, locks and cache writes are refused (OOM); waiting tasks can still be done",
                    "see cluster keys, and cluster failed drop; maxmemory " + most * 2 / MIB + "mb");
        } else if (percent >= 75) {
            findings.warning(
                    server.name(),
                    percent + " % of maxmemory are used (" + used / MIB + " of " + most / MIB + " MiB)",
                    "at 100 % enqueues, locks and cache writes are refused (OOM)",
                    "see cluster keys; maxmemory " + most * 2 / MIB + "mb");
        }
        if (machine > 0 && most > machine * 8 / 10) {
            findings.warning(
                    server.name(),
                    "maxmemory is " + most * 100 / machine + " % of the machine's memory",
                    "while Redis saves or rewrites its file it may need twice its memory: the system kills it then",
                    "maxmemory " + machine * 6 / 10 / MIB + "mb");
        }
    }

    private static void fragmentation(Instance server, long used, Findings findings) {
        try {
            double ratio = Double.parseDouble(server.info("mem_fragmentation_ratio"));
            if (ratio > FRAGMENTED && used > 100 * MIB) {
                findings.warning(
                        server.name(),
                        "the process takes " + ratio + " times the memory of its data",
                        "the system may kill it below its maxmemory",
                        "activedefrag yes");
            } else if (ratio < 0.9 && used > 100 * MIB) {
                findings.warning(
                        server.name(),
                        "a part of its memory is swapped out (mem_fragmentation_ratio " + ratio + ")",
                        "leases and heartbeats wait for the disk; nodes may be taken for dead",
                        "maxmemory below what the machine has, and no swap for Redis");
            }
        } catch (NumberFormatException e) {
            // some providers do not say
        }
    }

    private static void overcommit(Instance server, Findings findings) {
        try {
            String setting = Files.readString(OVERCOMMIT).strip();
            if (setting.equals("0") || setting.equals("2")) {
                findings.warning(
                        server.name(),
                        "vm.overcommit_memory of this machine is " + setting,
                        "saving and rewriting the append-only file may fail when memory is short, and writes are refused then"
                                + " (MISCONF)",
                        "sysctl vm.overcommit_memory=1, and the same line in /etc/sysctl.conf");
            }
        } catch (IOException e) {
            // not a Linux
        }
    }
}
