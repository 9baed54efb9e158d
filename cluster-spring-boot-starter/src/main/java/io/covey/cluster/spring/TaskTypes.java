package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.TaskType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds or makes the type whose tasks a method runs.
 *
 * @param method the method
 * @param payload what it takes; null for nothing
 * @param resolve resolves placeholders
 */
record TaskTypes(BeanMethod<HandlesTask> method, @Nullable Type payload, UnaryOperator<String> resolve) {

    /** A type found as a constant. */
    private record Constant(Field field, TaskType<?> type) {
        @Override
        public String toString() {
            return field.getDeclaringClass().getSimpleName() + "." + field.getName();
        }
    }

    TaskType<?> find(Cluster cluster, List<TaskType<?>> beans) {
        String name = resolve.apply(method.annotation().value());
        Optional<TaskType<?>> bean =
                beans.stream().filter(type -> type.name().equals(name)).findFirst();
        if (bean.isPresent()) {
            return declared(bean.get(), "the bean of type " + name);
        }
        List<Constant> constants = constants()
                .filter(constant -> name.isEmpty()
                        ? takesPayload(constant.field())
                        : constant.type().name().equals(name))
                .toList();
        if (!constants.isEmpty()
                && constants.stream().map(one -> one.type().name()).distinct().count() == 1) {
            Constant constant = constants.get(0);
            if (!takesPayload(constant.field()) && payload != null) {
                throw method.refused("it takes " + payload.getTypeName() + ", but " + constant + " is a "
                        + constant.field().getGenericType().getTypeName());
            }
            return declared(constant.type(), constant.toString());
        }
        if (name.isEmpty()) {
            throw method.refused("it names no task type, and there "
                    + (constants.isEmpty() ? "is no constant TaskType for what it takes" : "are several: " + constants)
                    + "; name it, @HandlesTask(\"resize\")");
        }
        return made(cluster, name);
    }

    private TaskType<?> declared(TaskType<?> type, String where) {
        HandlesTask says = method.annotation();
        if (!says.queue().isEmpty() || says.attempts() != 0 || !says.timeout().isEmpty()) {
            throw method.refused("queue, attempts and timeout are those of " + where + ": say them there");
        }
        return type;
    }

    private Stream<Constant> constants() {
        Set<Class<?>> places = new LinkedHashSet<>();
        places.add(method.annotation().declaredIn());
        Class<?> taken =
                payload == null ? null : ResolvableType.forType(payload).resolve();
        for (Class<?> place = taken; place != null; place = place.getEnclosingClass()) {
            places.add(place);
        }
        places.add(method.type());
        return places.stream()
                .filter(place -> !place.isPrimitive())
                .flatMap(place -> Stream.of(place.getDeclaredFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == TaskType.class)
                .flatMap(field -> value(field).stream());
    }

    private static Optional<Constant> value(Field field) {
        ReflectionUtils.makeAccessible(field);
        return ReflectionUtils.getField(field, null) instanceof TaskType<?> type
                ? Optional.of(new Constant(field, type))
                : Optional.empty();
    }

    private boolean takesPayload(Field field) {
        return payload != null
                && ResolvableType.forField(field)
                        .getGeneric(0)
                        .isAssignableFrom(ResolvableType.forType(boxed(payload)));
    }

    private TaskType<?> made(Cluster cluster, String name) {
        HandlesTask says = method.annotation();
        TaskType<?> type = payload == null ? TaskType.raw(name) : typed(cluster, name, boxed(payload));
        String queue = resolve.apply(says.queue());
        if (!queue.isEmpty()) {
            type = type.on(queue);
        }
        if (says.attempts() != 0) {
            type = type.retry(RetryPolicy.standard().withAttempts(says.attempts()));
        }
        String timeout = resolve.apply(says.timeout());
        return timeout.isEmpty() ? type : type.timeout(DurationStyle.detectAndParse(timeout));
    }

    private static TaskType<?> typed(Cluster cluster, String name, Type payload) {
        return payload instanceof Class<?> plain
                ? TaskType.of(name, plain)
                : TaskType.of(name, (Codec<?>) cluster.codecOf(payload));
    }

    private static Type boxed(Type type) {
        return type instanceof Class<?> plain ? ClassUtils.resolvePrimitiveIfNecessary(plain) : type;
    }
}
