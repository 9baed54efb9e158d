package io.covey.cluster.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.covey.cluster.core");

    @Test
    void nothingHereKnowsOfRedis() {
        noClasses()
                .should()
                .haveNameMatching("(?i).*(redis|resque|jedis|lettuce).*")
                .check(core);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("redis..", "io.lettuce..", "io.covey.cluster.redis..")
                .check(core);
    }

    @Test
    void thePackagesHaveNoCycles() {
        slices().matching("io.covey.cluster.core.(*)..")
                .should()
                .beFreeOfCycles()
                .check(core);
    }

    @Test
    void theNodeKnowsItsTransportOnlyThroughTheSpi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.covey.cluster.core.local..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.covey.cluster.core.local..")
                .check(core);
    }
}
