package io.lanying.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.lanying.persistence.registry.RegistryQueries;
import java.time.Clock;
import java.time.Instant;

/** A star round protocol; only cluster-config sees everybody (docs: architecture, folders). */
@AnalyzeClasses(packages = "io.lanying", importOptions = ImportOption.DoNotIncludeTests.class)
class StarTest {

    @ArchTest
    static final ArchRule protocolUsesNothingOfOurs = onlyUses("protocol");

    @ArchTest
    static final ArchRule persistenceUsesProtocol = onlyUses("persistence", "protocol");

    @ArchTest
    static final ArchRule actorsUseProtocol = onlyUses("actors", "protocol");

    @ArchTest
    static final ArchRule httpUsesProtocolAndTheQueryInterfaceOfPersistence = noClasses()
            .that()
            .resideInAPackage("io.lanying.http..")
            .should()
            .dependOnClassesThat(ours().and(resideOutsideOfPackages("io.lanying.http..", "io.lanying.protocol.."))
                    .and(DescribedPredicate.not(queryInterface())));

    @ArchTest
    static final ArchRule onlyPersistenceKnowsDatabases = noClasses()
            .that()
            .resideOutsideOfPackage("io.lanying.persistence..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "java.sql..",
                    "javax.sql..",
                    "akka.persistence.jdbc..",
                    "slick..",
                    "org.h2..",
                    "org.postgresql..",
                    "org.flywaydb..",
                    "org.jdbi..",
                    "akka.persistence.cassandra..",
                    "akka.stream.alpakka.cassandra..",
                    "com.datastax.."));

    @ArchTest
    static final ArchRule onlyEntitiesAndTheirStorePersist = noClasses()
            .that()
            .resideOutsideOfPackages("io.lanying.persistence..", "io.lanying.actors..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("akka.persistence.."));

    @ArchTest
    static final ArchRule vendorSdksStayInChannels = noClasses()
            .that()
            .resideOutsideOfPackage("io.lanying.channels..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.eatthepath..", "com.google.firebase..", "com.google.auth.."));

    @ArchTest
    static final ArchRule actorsTakeTheTimeFromTheClockTheyAreGiven = noClasses()
            .that()
            .resideInAnyPackage("io.lanying.actors..", "io.lanying.protocol..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC");

    @ArchTest
    static final ArchRule leasesOfShardsKnowNoDates = noClasses()
            .that()
            .resideInAPackage("io.lanying.persistence.lease..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(Instant.class.getName())
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(Clock.class.getName());

    @ArchTest
    static final ArchRule nobodyUsesTheNode = noClasses()
            .that()
            .resideOutsideOfPackage("io.lanying.node..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.lanying.node.."));

    /** They are in a module of their own, load-tests/micro, in the packages of what they measure; no node has that module. */
    @ArchTest
    static final ArchRule nobodyUsesTheMicroBenchmarks =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("io.lanying.micro..", "org.openjdk.jmh.."));

    @ArchTest
    static final ArchRule commandsButNodeUseThePublicApiOnly = noClasses()
            .that()
            .resideInAPackage("io.lanying.node.cli..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "akka..", "io.lanying.persistence..", "io.lanying.actors..", "io.lanying.http.."));

    private static ArchRule onlyUses(String module, String... allowed) {
        String[] packages = new String[allowed.length + 1];
        packages[0] = "io.lanying." + module + "..";
        for (int i = 0; i < allowed.length; i++) {
            packages[i + 1] = "io.lanying." + allowed[i] + "..";
        }
        return classes()
                .that()
                .resideInAPackage("io.lanying." + module + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages).or(DescribedPredicate.not(ours())));
    }

    private static DescribedPredicate<JavaClass> ours() {
        return resideInAnyPackage("io.lanying..");
    }

    private static DescribedPredicate<JavaClass> queryInterface() {
        return DescribedPredicate.describe(
                "the registry's query interface",
                type -> type.getName().equals(RegistryQueries.class.getName())
                        || type.getName().startsWith(RegistryQueries.class.getName() + "$"));
    }
}
