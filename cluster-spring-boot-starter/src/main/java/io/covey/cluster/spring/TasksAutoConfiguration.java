package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.EnqueueMiddleware;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerListener;
import io.covey.cluster.tasks.WorkerMiddleware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Task queues, and a worker for the handlers among the beans, where cluster-tasks is on the class path. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@ConditionalOnClass(TaskQueue.class)
@ConditionalOnSingleCandidate(Cluster.class)
@EnableConfigurationProperties(WorkerProperties.class)
public final class TasksAutoConfiguration {

    /** For Spring. */
    public TasksAutoConfiguration() {}

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    TaskQueue coveyTaskQueue(Cluster cluster, ObjectProvider<EnqueueMiddleware> around) {
        TaskQueue tasks = TaskQueue.on(cluster);
        for (EnqueueMiddleware middleware : around.orderedStream().toList()) {
            tasks = tasks.around(middleware);
        }
        return tasks;
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean
    Schedules coveySchedules(Cluster cluster) {
        return Schedules.on(cluster);
    }

    @Bean
    @ConditionalOnMissingBean({Worker.class, WorkerLifecycle.class})
    @ConditionalOnBooleanProperty(name = "covey.worker.enabled", matchIfMissing = true)
    WorkerLifecycle coveyWorker(
            Cluster cluster,
            WorkerProperties properties,
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<TaskType<?>> types,
            ObjectProvider<TaskHandlers> handlers,
            ObjectProvider<WorkerMiddleware> around,
            ObjectProvider<WorkerListener> listeners,
            ObjectProvider<WorkerCustomizer> customizers,
            ObjectProvider<WorkerWatcher> watchers) {
        AnnotatedHandlers annotated =
                new AnnotatedHandlers(beans, () -> types.stream().toList());
        WorkerSettings settings = new WorkerSettings(properties, environment, around, listeners, customizers);
        return new WorkerLifecycle(
                cluster,
                annotated,
                () -> handlers.orderedStream().toList(),
                settings,
                worker -> watchers.forEach(watcher -> watcher.started(worker)));
    }
}
