package io.covey.cluster.redis;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Transport;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.covey.cluster.redis");

    @Test
    void theInnerSeamKnowsNothingOfCachesOrTasks() {
        noClasses()
                .that()
                .resideInAPackage("..redis.driver")
                .should()
                .dependOnClassesThat(resideInAPackage("io.covey.cluster.redis")
                        .or(resideInAPackage("io.covey.cluster.spi")
                                .and(DescribedPredicate.not(equivalentTo(Await.class)))
                                .and(DescribedPredicate.not(equivalentTo(Transport.Traffic.class)))))
                .check(CLASSES);
    }

    @Test
    void whatIsWrittenOnceUsesNoClientLibrary() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("redis.clients..", "io.lettuce..", "io.netty..", "reactor..", "org.redisson..")
                .check(CLASSES);
    }

    @Test
    void theTransportIsTheOnlyWayInButForOperatorsAndActionherosData() {
        classes()
                .that()
                .resideInAPackage("io.covey.cluster.redis")
                .and()
                .arePublic()
                .should()
                .be(RedisTransport.class)
                .orShould()
                .be(RedisDriverProvider.class)
                .orShould()
                .be(KeyFamilies.class)
                .orShould()
                .be(Scripts.class)
                .orShould()
                .haveNameMatching(".*KeyFamilies\\$Family")
                .orShould()
                .haveNameMatching(".*\\.Actionhero[A-Za-z]*(\\$[A-Za-z]+)?")
                .check(CLASSES);
    }
}
