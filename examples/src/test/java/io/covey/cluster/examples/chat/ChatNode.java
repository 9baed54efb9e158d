package io.covey.cluster.examples.chat;

import java.io.IOException;
import java.io.OutputStream;

/** The chat as a process that ends, if nobody kills it, with its standard input. */
final class ChatNode {

    private ChatNode() {}

    public static void main(String[] args) throws IOException {
        ChatExample.main(args);
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }
}
