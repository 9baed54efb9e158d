package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.HandlerRegistry;
import io.covey.cluster.tasks.Misfire;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskType;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * A method that runs tasks.
 *
 * @param method the method
 * @param type whose tasks it runs
 * @param payload which of its parameters is the payload; -1 for none
 * @param resolve resolves placeholders
 */
record HandledMethod(BeanMethod<HandlesTask> method, TaskType<?> type, int payload, UnaryOperator<String> resolve) {

    static HandledMethod of(
            BeanMethod<HandlesTask> method,
            Cluster cluster,
            List<TaskType<?>> beans,
            UnaryOperator<@Nullable String> placeholders) {
        UnaryOperator<String> resolve = text -> String.valueOf(placeholders.apply(text));
        int payload = payload(method);
        Type taken = payload < 0
                ? null
                : GenericTypeResolver.resolveType(method.declared().getGenericParameterTypes()[payload], method.type());
        TaskType<?> type = new TaskTypes(method, taken, resolve).find(cluster, beans);
        return new HandledMethod(method, type, payload, resolve);
    }

    private static int payload(BeanMethod<HandlesTask> method) {
        Class<?>[] parameters = method.declared().getParameterTypes();
        int payload = -1;
        int contexts = 0;
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] == TaskContext.class) {
                contexts++;
            } else if (payload >= 0) {
                throw method.refused("it must take a payload, a TaskContext, both or neither");
            } else {
                payload = i;
            }
        }
        if (contexts > 1) {
            throw method.refused("it takes more than one TaskContext");
        }
        return payload;
    }

    void register(HandlerRegistry handlers) {
        try {
            register(handlers, type);
        } catch (IllegalArgumentException e) {
            throw method.refused(e.getMessage());
        }
    }

    private <P> void register(HandlerRegistry handlers, TaskType<P> of) {
        handlers.handle(of, this::run);
    }

    private void run(Object taken, TaskContext task) throws Exception {
        Object[] arguments = new Object[method.declared().getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == payload ? taken : task;
        }
        Object result = method.call(arguments);
        if (result != null) {
            task.result(result);
        }
    }

    /** Declares the recurring task, if it is one. */
    void declare(Cluster cluster) {
        Recurring recurring = AnnotatedElementUtils.findMergedAnnotation(method.declared(), Recurring.class);
        if (recurring == null) {
            return;
        }
        String cron = resolve.apply(recurring.cron());
        String every = resolve.apply(recurring.every());
        if (cron.isEmpty() == every.isEmpty()) {
            throw method.refused("@Recurring needs either cron or every");
        }
        if (payload >= 0) {
            throw method.refused("a recurring task has no payload; declare one with a payload by Schedules");
        }
        if (cron.equals(Recurring.OFF) || every.equals(Recurring.OFF)) {
            return;
        }
        String name = recurring.name().isEmpty() ? type.name() : resolve.apply(recurring.name());
        try {
            Recurrence when = every.isEmpty()
                    ? Recurrence.cron(cron, ZoneId.of(resolve.apply(recurring.zone())))
                    : Recurrence.every(DurationStyle.detectAndParse(every));
            NewTask<?> task = new NewTask<>(TaskType.raw(type.name()).on(type.queue()), "[]", EnqueueOptions.none());
            Schedules.on(cluster).declare(name, when, Misfire.once(), task);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw method.refused("@Recurring " + e.getMessage());
        }
    }
}
