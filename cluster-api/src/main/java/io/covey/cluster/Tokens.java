package io.covey.cluster;

import java.util.List;

/**
 * The server tokens of a running node, to replace one without a restart and without a failed call: have every node
 * {@link #accept} the new one; then every node {@link #signWith} it; then, after the longest call, every node
 * {@link #refuse} the old one. Each change holds for all messages from then on, of this process only. Thread-safe.
 *
 * <p>The tokens of a node that was given a file of them are changed in that file.
 */
public interface Tokens {

    /**
     * Which tokens are accepted, without telling them: the same token has the same id on every node of the cluster.
     *
     * @return ids of 12 hexadecimal digits, the one that signs first; empty if this node signs nothing
     */
    List<String> ids();

    /**
     * The id of a token.
     *
     * @param token any token
     * @return as it is in {@link #ids} of the nodes that accept it
     */
    String id(Secret token);

    /**
     * Lets messages in that are signed with a token. Accepted already: nothing changes.
     *
     * @param token the token
     * @throws IllegalStateException if the tokens of this node come from a file, or it joined without any, or
     *     {@link Security#MOST_TOKENS} are accepted already
     */
    void accept(Secret token);

    /**
     * Signs with a token from now on; the one before stays accepted.
     *
     * @param token one that is accepted
     * @throws IllegalStateException if it is not accepted, or the tokens of this node come from a file
     */
    void signWith(Secret token);

    /**
     * Lets no message in any more that is signed with a token. Not accepted anyway: nothing changes.
     *
     * @param token not the one that signs
     * @throws IllegalStateException if it is the one that signs, or the tokens of this node come from a file
     */
    void refuse(Secret token);
}
