package io.covey.cluster.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;

/**
 * Makes each attempt of a task the root of a trace of its own, linked to the span that added the task. It must come before
 * the handlers of the tracer, of which the first that supports a context takes it:
 *
 * <pre>{@code
 * registry.observationConfig().observationHandler(new FirstMatchingCompositeObservationHandler(
 *         new TaskRunTracingHandler(tracer),
 *         new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
 *         new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
 *         new DefaultTracingObservationHandler(tracer)));
 * }</pre>
 *
 * <p>The link is read from the header {@code traceparent} of the W3C.
 */
public final class TaskRunTracingHandler implements TracingObservationHandler<TaskRunContext> {
    private final Tracer tracer;

    /**
     * Makes spans by a tracer.
     *
     * @param tracer makes them
     */
    public TaskRunTracingHandler(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public void onStart(TaskRunContext context) {
        Span.Builder span = tracer.spanBuilder().setNoParent().kind(Span.Kind.CONSUMER);
        TraceParent.read(context.task().headers().get(TraceParent.HEADER), tracer)
                .ifPresent(enqueue -> span.addLink(new Link(enqueue)));
        getTracingContext(context).setSpan(span.start());
    }

    @Override
    public void onStop(TaskRunContext context) {
        Span span = getRequiredSpan(context);
        if (!span.isNoop()) {
            span.name(getSpanName(context));
            tagSpan(context, span);
        }
        endSpan(context, span);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof TaskRunContext;
    }

    @Override
    public Tracer getTracer() {
        return tracer;
    }
}
