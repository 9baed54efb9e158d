package io.covey.cluster.cli.hammer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A counter behind a socket that refuses every fence older than the newest it has seen. Whoever holds the lock reads it
 * and writes it back one greater.
 */
final class FencedResource implements AutoCloseable {
    static final String OLD = "old";
    private static final String WRITTEN = "written";

    private final ServerSocket server;
    private final ReentrantLock guard = new ReentrantLock();
    private final List<String> violations = new ArrayList<>();
    private long newest;
    private String holder = "";
    private long value;
    private int refused;

    FencedResource() {
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("hammer-resource", this::accept);
    }

    /** The side of a process. */
    static final class Client {
        private final String process;
        private final BufferedReader in;
        private final PrintWriter out;

        Client(int port, String process) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            this.process = process;
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.US_ASCII);
        }

        /** The value, or {@link #OLD}. */
        String read(long fence) throws IOException {
            return ask("read " + process + " " + fence + " 0");
        }

        /** Whether it was written. */
        boolean write(long fence, long value) throws IOException {
            return ask("write " + process + " " + fence + " " + value).equals(WRITTEN);
        }

        private String ask(String question) throws IOException {
            out.println(question);
            String answer = in.readLine();
            if (answer == null) {
                throw new IOException("The resource is gone");
            }
            return answer;
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Who came last with a newer fence than all before. */
    String holder() {
        return locked(() -> holder);
    }

    long value() {
        return locked(() -> value);
    }

    /** How often an old fence was refused. */
    int refused() {
        return locked(() -> refused);
    }

    /** What must not be: an update on top of another that it did not read, or one fence of two processes. */
    List<String> violations() {
        return locked(() -> List.copyOf(violations));
    }

    private interface Step<T> {
        T take();
    }

    private <T> T locked(Step<T> step) {
        guard.lock();
        try {
            return step.take();
        } finally {
            guard.unlock();
        }
    }

    private String answer(String process, long fence, boolean write, long written) {
        if (fence < newest) {
            refused++;
            return OLD;
        }
        if (fence == newest && !process.equals(holder)) {
            violations.add("fence " + fence + " of both " + holder + " and " + process);
        }
        newest = fence;
        holder = process;
        if (!write) {
            return Long.toString(value);
        }
        if (written != value + 1) {
            violations.add(process + " wrote " + written + " over " + value + " under fence " + fence);
        }
        value = written;
        return WRITTEN;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                start("hammer-resource-client", () -> serve(socket));
            }
        } catch (IOException closed) {
            // the end
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                PrintWriter out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.US_ASCII)) {
            String line;
            while ((line = in.readLine()) != null) {
                String[] words = line.split(" ");
                long fence = Long.parseLong(words[2]);
                long written = Long.parseLong(words[3]);
                out.println(locked(() -> answer(words[1], fence, words[0].equals("write"), written)));
            }
        } catch (IOException gone) {
            // it was killed
        }
    }

    private static void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
