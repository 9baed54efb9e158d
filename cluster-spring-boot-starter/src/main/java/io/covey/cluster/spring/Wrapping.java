package io.covey.cluster.spring;

import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Does something around beans of one type, whoever made them.
 *
 * @param <T> the type
 * @param type the type
 * @param around what is done; answers the bean that the others see
 */
record Wrapping<T>(Class<T> type, UnaryOperator<T> around) implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return type.isInstance(bean) ? around.apply(type.cast(bean)) : bean;
    }
}
