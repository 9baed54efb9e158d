package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

/** What is not on the class path is not missed. */
class AbsentModulesTest {

    /** Hides classes from the conditions, and from whoever asks it for them by name. */
    private static final class Without extends ClassLoader {
        private final List<String> hidden;

        Without(String... hidden) {
            super(AbsentModulesTest.class.getClassLoader());
            this.hidden = List.of(hidden);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (hidden.stream().anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void aNodeNeedsNeitherTasksNorCallsNorMeters() {
        try (ConfigurableApplicationContext app =
                run("io.covey.cluster.tasks.", "io.covey.cluster.rpc.", "io.covey.cluster.micrometer.")) {
            assertThat(app.getBean(Cluster.class).members().list()).hasSize(1);
            assertThat(app.getBeanDefinitionNames())
                    .filteredOn(name -> name.matches("covey[A-Z].*"))
                    .containsExactlyInAnyOrder(
                            "coveyCluster",
                            "coveySubscriptions",
                            "coveyLiveHealthIndicator",
                            "coveyReadyHealthIndicator");
        }
    }

    @Test
    void tasksNeedNoCallsAndCallsNeedNoTasks() {
        try (ConfigurableApplicationContext app = run("io.covey.cluster.tasks.")) {
            assertThat(app.containsBean("coveyRpc")).isTrue();
            assertThat(app.containsBean("coveyWorker")).isFalse();
        }
        try (ConfigurableApplicationContext app = run("io.covey.cluster.rpc.")) {
            assertThat(app.containsBean("coveyRpc")).isFalse();
            assertThat(app.containsBean("coveyWorker")).isTrue();
        }
    }

    private static ConfigurableApplicationContext run(String... hidden) {
        return Applications.builder(ClusterAutoConfigurationTest.Nothing.class)
                .resourceLoader(new DefaultResourceLoader(new Without(hidden)))
                .run();
    }
}
