package io.covey.cluster.micrometer;

import io.covey.cluster.tasks.NewTask;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A call that adds tasks, as it is observed. */
public final class TaskEnqueueContext extends SenderContext<Map<String, String>> {
    private final List<NewTask<?>> tasks;
    private final Map<String, String> headers = new HashMap<>();

    TaskEnqueueContext(List<NewTask<?>> tasks) {
        super(
                (carrier, name, value) -> {
                    if (carrier != null) {
                        carrier.put(name, value);
                    }
                },
                Kind.PRODUCER);
        this.tasks = tasks;
        setCarrier(headers);
    }

    /**
     * What is added.
     *
     * @return at least one task
     */
    public List<NewTask<?>> tasks() {
        return tasks;
    }

    Map<String, String> headers() {
        return headers;
    }
}
