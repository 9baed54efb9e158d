package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.TaskType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The methods of beans that run tasks. */
record AnnotatedHandlers(ConfigurableListableBeanFactory beans, Supplier<List<TaskType<?>>> types) {

    List<HandledMethod> find(Cluster cluster) {
        List<HandledMethod> found = new ArrayList<>();
        for (BeanMethod<HandlesTask> method : BeanMethod.all(beans, HandlesTask.class)) {
            found.add(HandledMethod.of(method, cluster, types.get(), beans::resolveEmbeddedValue));
        }
        for (BeanMethod<Recurring> method : BeanMethod.all(beans, Recurring.class)) {
            if (found.stream().noneMatch(handled -> handled.method().declared().equals(method.declared()))) {
                throw method.refused("it needs a @HandlesTask beside it, which says what is enqueued");
            }
        }
        return found;
    }
}
