package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import org.springframework.context.ConfigurableApplicationContext;

/** A program for a class path that lacks much: says which of the classes it is asked for are there, starts, and ends. */
final class BareApplication {

    private BareApplication() {}

    public static void main(String[] classes) {
        for (String name : classes) {
            System.out.println(name + (isThere(name) ? " is there" : " is absent"));
        }
        try (ConfigurableApplicationContext app = Applications.run(ClusterAutoConfigurationTest.Nothing.class)) {
            for (String name : app.getBeanDefinitionNames()) {
                if (name.matches("covey[A-Z].*")) {
                    System.out.println("bean " + name);
                }
            }
            System.out.println(
                    "members " + app.getBean(Cluster.class).members().list().size());
        }
    }

    private static boolean isThere(String name) {
        try {
            Class.forName(name, false, BareApplication.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
