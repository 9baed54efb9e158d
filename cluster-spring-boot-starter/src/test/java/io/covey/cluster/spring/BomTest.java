package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The BOM has no parent and so repeats what is written elsewhere. */
class BomTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("covey.test.root")));

    @Test
    void theBomHasEveryModuleThatIsPublishedAndNoOther() throws Exception {
        Element root = pom(ROOT.resolve("pom.xml"));
        String version = text(root, "version");
        List<String> published = new ArrayList<>();
        for (Element module : children(child(root, "modules"), "module")) {
            Element pom = pom(ROOT.resolve(module.getTextContent().strip()).resolve("pom.xml"));
            if (!isPom(pom) && !isKeptBack(pom)) {
                published.add(text(pom, "artifactId"));
            }
        }
        assertThat(published).hasSizeGreaterThan(9);
        List<String> listed = new ArrayList<>();
        for (Element each : managed()) {
            if (text(each, "groupId").equals("io.covey")) {
                listed.add(text(each, "artifactId"));
                assertThat(text(each, "version")).as(text(each, "artifactId")).isEqualTo(version);
            }
        }
        assertThat(listed).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void theBomStandsAloneWithTheVersionOfAll() throws Exception {
        Element bom = pom(ROOT.resolve("cluster-bom/pom.xml"));
        assertThat(children(bom, "parent")).isEmpty();
        assertThat(children(bom, "properties")).isEmpty();
        assertThat(text(bom, "groupId")).isEqualTo("io.covey");
        assertThat(text(bom, "version")).isEqualTo(text(pom(ROOT.resolve("pom.xml")), "version"));
        assertThat(bom.getTextContent()).doesNotContain("${");
    }

    @Test
    void librariesHaveTheVersionsThatWereBuiltWith() throws Exception {
        Map<String, String> properties = new TreeMap<>();
        for (Element each : children(child(pom(ROOT.resolve("pom.xml")), "properties"), "*")) {
            properties.put(each.getTagName(), each.getTextContent().strip());
        }
        Map<String, String> ours = Map.of(
                "jedis", "jedis.version", "lettuce-core", "lettuce.version", "protobuf-java", "protobuf.version");
        int libraries = 0;
        for (Element each : managed()) {
            if (!text(each, "groupId").equals("io.covey")) {
                libraries++;
                String artifact = text(each, "artifactId");
                assertThat(text(each, "version")).as(artifact).isEqualTo(properties.get(ours.get(artifact)));
            }
        }
        assertThat(libraries).isEqualTo(ours.size());
    }

    private static List<Element> managed() throws Exception {
        Element management = child(pom(ROOT.resolve("cluster-bom/pom.xml")), "dependencyManagement");
        return children(child(management, "dependencies"), "dependency");
    }

    private static boolean isPom(Element pom) {
        return children(pom, "packaging").stream()
                .anyMatch(packaging -> packaging.getTextContent().strip().equals("pom"));
    }

    private static boolean isKeptBack(Element pom) {
        return children(pom, "properties").stream()
                .flatMap(properties -> children(properties, "maven.deploy.skip").stream())
                .anyMatch(skip -> skip.getTextContent().strip().equals("true"));
    }

    private static Element pom(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
    }

    private static Element child(Element of, String name) {
        return children(of, name).get(0);
    }

    private static String text(Element of, String name) {
        return child(of, name).getTextContent().strip();
    }

    private static List<Element> children(Element of, String name) {
        List<Element> found = new ArrayList<>();
        for (Node each = of.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (each instanceof Element element
                    && (name.equals("*") || element.getTagName().equals(name))) {
                found.add(element);
            }
        }
        return found;
    }
}
