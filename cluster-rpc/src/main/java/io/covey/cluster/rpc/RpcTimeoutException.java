package io.covey.cluster.rpc;

/** No answer in time. The procedure may have run; it is not started any more. */
public class RpcTimeoutException extends RpcException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message one line that names procedure and target
     */
    public RpcTimeoutException(String message) {
        super(Reason.TIMEOUT, message);
    }
}
