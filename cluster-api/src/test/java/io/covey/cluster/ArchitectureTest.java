package io.covey.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses api = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.covey.cluster");

    @Test
    void theApiDependsOnNothingButTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.covey.cluster", "io.covey.cluster.spi", "org.jspecify..")
                .check(api);
    }

    @Test
    void theSpiNamesNothingOfRedis() {
        noClasses()
                .should()
                .haveNameMatching("(?i).*(redis|resque|jedis|lettuce|lua).*")
                .check(api);
    }
}
