package io.covey.cluster.rpc;

import com.google.protobuf.RpcCallback;
import com.google.protobuf.RpcController;
import org.jspecify.annotations.Nullable;

/** What services that protoc generated see of a call. */
final class CallController implements RpcController {
    private final CallContext call;
    private volatile @Nullable String failure;

    CallController(CallContext call) {
        this.call = call;
    }

    @Override
    public void reset() {
        failure = null;
    }

    @Override
    public boolean failed() {
        return failure != null;
    }

    @Override
    public @Nullable String errorText() {
        return failure;
    }

    @Override
    public void startCancel() {
        throw new UnsupportedOperationException("The caller cancels, not the callee");
    }

    @Override
    public void setFailed(String reason) {
        failure = reason;
    }

    @Override
    public boolean isCanceled() {
        return call.isCancelled();
    }

    /** The thread of a call that is cancelled is interrupted instead. */
    @Override
    public void notifyOnCancel(RpcCallback<Object> callback) {
        if (call.isCancelled()) {
            callback.run(null);
        }
    }
}
