package io.covey.cluster.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A method of a bean, called through whatever proxy the bean has.
 *
 * @param <A> the annotation
 * @param annotation what it is annotated with
 * @param type the class of the bean
 * @param declared the method as declared there
 * @param bean the bean
 * @param callable the method as it can be called on the bean
 */
record BeanMethod<A extends Annotation>(A annotation, Class<?> type, Method declared, Object bean, Method callable) {

    /** The methods of all beans that carry an annotation; makes these beans, and no others. */
    static <A extends Annotation> List<BeanMethod<A>> all(ConfigurableListableBeanFactory beans, Class<A> annotation) {
        List<BeanMethod<A>> found = new ArrayList<>();
        types(beans).forEach((name, type) -> {
            if (AnnotationUtils.isCandidateClass(type, annotation)) {
                Map<Method, A> methods =
                        MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<@Nullable A>)
                                method -> AnnotatedElementUtils.findMergedAnnotation(method, annotation));
                methods.forEach((method, how) -> found.add(of(how, type, method, beans.getBean(name))));
            }
        });
        return found;
    }

    /** What classes the beans have, whatever proxies stand before them. */
    static Map<String, Class<?>> types(ConfigurableListableBeanFactory beans) {
        Map<String, Class<?>> types = new LinkedHashMap<>();
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            if (!ScopedProxyUtils.isScopedTarget(name)) {
                Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
                if (type != null) {
                    types.put(name, type);
                }
            }
        }
        return types;
    }

    private static <A extends Annotation> BeanMethod<A> of(A annotation, Class<?> type, Method method, Object bean) {
        Method callable = AopUtils.selectInvocableMethod(method, bean.getClass());
        ReflectionUtils.makeAccessible(callable);
        return new BeanMethod<>(annotation, type, method, bean, callable);
    }

    /** Calls it; throws what it throws. */
    @Nullable
    Object call(@Nullable Object... arguments) throws Exception {
        try {
            return callable.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            if (e.getTargetException() instanceof Error error) {
                throw error;
            }
            throw e.getTargetException() instanceof Exception thrown ? thrown : e;
        }
    }

    /** What is wrong with it, naming it. */
    IllegalStateException refused(String why) {
        return new IllegalStateException("@" + annotation.annotationType().getSimpleName() + " "
                + declared.getDeclaringClass().getName() + "." + declared.getName() + ": " + why);
    }

    /** For example {@code Mails.send}. */
    @Override
    public String toString() {
        return type.getSimpleName() + "." + declared.getName();
    }
}
