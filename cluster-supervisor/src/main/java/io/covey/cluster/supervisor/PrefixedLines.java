package io.covey.cluster.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One write for each line, so that lines of several processes stay whole. */
final class PrefixedLines implements LogSink {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final OutputStream out;
    private final OutputStream error;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean failed;

    PrefixedLines(OutputStream out, OutputStream error) {
        this.out = out;
        this.error = error;
    }

    @Override
    public void line(String child, boolean isError, byte[] line) {
        byte[] prefix = (child + " | ").getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[prefix.length + line.length + 1];
        System.arraycopy(prefix, 0, whole, 0, prefix.length);
        System.arraycopy(line, 0, whole, prefix.length, line.length);
        whole[whole.length - 1] = '\n';
        lock.lock();
        try {
            OutputStream target = isError ? error : out;
            target.write(whole);
            target.flush();
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                LOG.warn(
                        "Lines of the processes cannot be written ({}); they are dropped until they can", e.toString());
            }
        } finally {
            lock.unlock();
        }
    }
}
