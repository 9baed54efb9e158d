package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The metadata is written by hand: it must say what the records say, and the page must say what the metadata says. */
class MetadataTest {
    private static final JsonMapper JSON = new JsonMapper();

    /** Type and default of a property. */
    private record Property(String type, String defaultValue) {}

    @Test
    void theMetadataNamesThePropertiesOfTheRecordsWithTheirTypesAndDefaults() throws Exception {
        Map<String, Property> written = new TreeMap<>();
        for (JsonNode each : metadata().get("properties")) {
            String type = each.get("type").asString();
            JsonNode value = each.get("defaultValue");
            written.put(each.get("name").asString(), new Property(type, value == null ? "" : value.asString()));
        }
        Map<String, Property> declared = new TreeMap<>();
        ClassPathScanningCandidateComponentProvider scan = new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        scan.findCandidateComponents("io.covey.cluster.spring").forEach(found -> {
            Class<?> record = ClassUtils.resolveClassName(Objects.requireNonNull(found.getBeanClassName()), null);
            add(declared, record.getAnnotation(ConfigurationProperties.class).value(), record);
        });
        assertThat(declared).hasSizeGreaterThan(30);
        assertThat(written).isEqualTo(declared);
    }

    private static void add(Map<String, Property> all, String prefix, Class<?> record) {
        for (Parameter each : record.getDeclaredConstructors()[0].getParameters()) {
            String name =
                    prefix + "." + each.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (each.getType().isRecord()) {
                add(all, name, each.getType());
            } else {
                DefaultValue value = each.getAnnotation(DefaultValue.class);
                String type = each.getType().isPrimitive()
                        ? ClassUtils.resolvePrimitiveIfNecessary(each.getType()).getName()
                        : each.getParameterizedType().getTypeName().replace(", ", ",");
                all.put(name, new Property(type, value == null ? "" : String.join(",", value.value())));
            }
        }
    }

    @Test
    void eachPropertyIsDescribedInASentence() throws Exception {
        for (JsonNode each : metadata().get("properties")) {
            assertThat(each.get("description").asString())
                    .as(each.get("name").asString())
                    .endsWith(".")
                    .hasSizeGreaterThan(15);
        }
    }

    @Test
    void thePageHasTheTableOfTheMetadata() throws Exception {
        Path root = Path.of(Objects.requireNonNull(System.getProperty("covey.test.root")));
        List<String> rows = Files.readAllLines(root.resolve("docs/spring-boot.md")).stream()
                .filter(line -> line.startsWith("| `covey."))
                .sorted()
                .toList();
        List<String> expected = metadata()
                .get("properties")
                .valueStream()
                .map(each -> {
                    JsonNode value = each.get("defaultValue");
                    return "| `" + each.get("name").asString() + "` | "
                            + (value == null ? "" : "`" + value.asString() + "`") + " | "
                            + each.get("description").asString() + " |";
                })
                .sorted()
                .collect(Collectors.toList());
        assertThat(rows).isEqualTo(expected);
    }

    private static JsonNode metadata() throws Exception {
        try (InputStream in = Objects.requireNonNull(
                MetadataTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
            return JSON.readTree(in);
        }
    }
}
