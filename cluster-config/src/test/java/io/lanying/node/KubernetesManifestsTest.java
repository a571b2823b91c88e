package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests fit each other, the node's configuration and its image: base and each overlay, rendered and typed. */
@ParameterizedClass
@MethodSource("io.lanying.node.KustomizationTest#kustomizations")
class KubernetesManifestsTest {

    private static final String NAME_LABEL = "app.kubernetes.io/name";

    private final Config config = NodeConfig.load(ConfigFactory.empty());
    private final Manifests manifests;
    private final List<Deployment> deployments;
    private final List<String> nodes;

    KubernetesManifestsTest(Path kustomization) {
        manifests = Manifests.of(Kustomization.render(kustomization));
        deployments = manifests.all(Deployment.class);
        nodes = deployments.stream().map(KubernetesManifestsTest::name).toList();
        assertThat(nodes).isNotEmpty();
    }

    @Test
    void allIsInOneNamespaceAndNothingIsThereTwice() {
        assertThat(manifests.all())
                .extracting(each -> each.getMetadata().getNamespace())
                .containsOnly("lanying");
        assertThat(manifests.all())
                .extracting(each -> each.getKind() + " " + name(each))
                .doesNotHaveDuplicates();
    }

    @Test
    void aDeploymentSelectsItsOwnPodsOnly() {
        deployments.forEach(
                each -> assertThat(selected(each.getSpec().getSelector())).containsExactly(name(each)));
    }

    @Test
    void budgetNetworkPolicyAndSpreadAreForAllNodes() {
        assertThat(selected(manifests.only(PodDisruptionBudget.class).getSpec().getSelector()))
                .isEqualTo(nodes);
        assertThat(selected(manifests.only(NetworkPolicy.class).getSpec().getPodSelector()))
                .isEqualTo(nodes);
        deployments.forEach(each -> assertThat(pod(each).getTopologySpreadConstraints())
                .isNotEmpty()
                .allSatisfy(spread ->
                        assertThat(selected(spread.getLabelSelector())).isEqualTo(nodes)));
    }

    @Test
    void thePublicServiceLeadsToAllNodesWithSockets() {
        Service service = named(Service.class, "lanying-push");

        assertThat(selected(service.getSpec().getSelector()))
                .isNotEmpty()
                .isEqualTo(deployments.stream()
                        .filter(each -> roles(each).contains("edge"))
                        .map(KubernetesManifestsTest::name)
                        .toList());
        assertThat(service.getSpec().getPorts())
                .extracting(port -> port.getTargetPort().getStrVal())
                .containsExactly("http");
    }

    @Test
    void bothRolesAreThere() {
        assertThat(deployments.stream().flatMap(each -> roles(each).stream()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("entities", "edge");
    }

    @Test
    void portsAreThoseOfTheConfigurationAndOpenToWhoNeedsThem() {
        deployments.forEach(each -> assertThat(ports(each))
                .isEqualTo(Map.of(
                        "http", config.getInt("push.http.port"),
                        "management", config.getInt("push.node.management.port"),
                        "remote", config.getInt("push.node.cluster.port"))));
        var rules = manifests.only(NetworkPolicy.class).getSpec().getIngress();
        assertThat(manifests.only(NetworkPolicy.class).getSpec().getPolicyTypes())
                .containsExactly("Ingress");
        assertThat(rules).allSatisfy(rule -> {
            List<String> names = rule.getPorts().stream()
                    .map(NetworkPolicyPort::getPort)
                    .map(IntOrString::getStrVal)
                    .toList();
            if (rule.getFrom().isEmpty()) {
                assertThat(names).containsExactly("http");
            } else if (names.contains("remote")) {
                assertThat(rule.getFrom()).singleElement().satisfies(from -> {
                    assertThat(from.getNamespaceSelector()).isNull();
                    assertThat(selected(from.getPodSelector())).isEqualTo(nodes);
                });
                assertThat(names).containsExactly("remote", "management");
            } else {
                assertThat(names).containsExactly("management");
            }
        });
        assertThat(rules.stream().flatMap(rule -> rule.getPorts().stream()).map(port -> port.getPort()
                        .getStrVal()))
                .contains("http", "remote", "management");
    }

    @Test
    void probesAskTheManagementPortAndWaitAsLongAsItTakes() {
        Config checks = config.getConfig("akka.management.health-checks");
        deployments.forEach(each -> {
            Container node = node(each);
            asks(node.getStartupProbe(), checks.getString("liveness-path"));
            asks(node.getLivenessProbe(), checks.getString("liveness-path"));
            asks(node.getReadinessProbe(), checks.getString("readiness-path"));
            Probe startup = node.getStartupProbe();
            assertThat(Duration.ofSeconds((long) startup.getPeriodSeconds() * startup.getFailureThreshold()))
                    .isGreaterThan(config.getDuration("push.node.start-timeout"));
        });
    }

    private void asks(Probe probe, String path) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
        assertThat(probe.getHttpGet().getPath()).isEqualTo("/" + path);
        assertThat(Duration.ofSeconds(probe.getTimeoutSeconds()))
                .isGreaterThan(config.getDuration("akka.management.health-checks.check-timeout"));
    }

    @Test
    void nodesGetLongerToEndThanAllPhasesOfAStopTogether() {
        Config shutdown = config.getConfig("akka.coordinated-shutdown");
        Duration phases = shutdown.getObject("phases").keySet().stream()
                .map(phase -> shutdown.getConfig("phases").getConfig(phase))
                .map(phase -> phase.hasPath("timeout")
                        ? phase.getDuration("timeout")
                        : shutdown.getDuration("default-phase-timeout"))
                .reduce(Duration.ZERO, Duration::plus);
        assertThat(phases).isGreaterThan(Duration.ofMinutes(1));
        deployments.forEach(each -> {
            long before = node(each).getLifecycle().getPreStop().getSleep().getSeconds();
            assertThat(Duration.ofSeconds(pod(each).getTerminationGracePeriodSeconds() - before))
                    .isGreaterThan(phases)
                    .isGreaterThan(config.getDuration("push.node.stop-timeout"));
        });
    }

    /**
     * What discovery asks the API: {@code GET /api/v1/namespaces/…/pods?labelSelector=app.kubernetes.io/name=…}, of a collection,
     * which is the verb list (KubernetesApiServiceDiscovery of akka-management 1.4.0).
     */
    @Test
    void nodesMayCallWhatDiscoveryCallsAndNothingElse() {
        String account = name(manifests.only(ServiceAccount.class));
        deployments.forEach(
                each -> assertThat(pod(each).getServiceAccountName()).isEqualTo(account));
        boolean mayCall =
                !Boolean.FALSE.equals(manifests.only(ServiceAccount.class).getAutomountServiceAccountToken());
        assertThat(mayCall).isEqualTo(settings().get("LANYING_DISCOVERY").equals("kubernetes"));
        assertThat(manifests.all(Role.class)).hasSize(mayCall ? 1 : 0);
        assertThat(manifests.all(RoleBinding.class)).hasSize(mayCall ? 1 : 0);
        if (mayCall) {
            Role role = manifests.only(Role.class);
            PolicyRule rule = role.getRules().get(0);
            assertThat(role.getRules()).hasSize(1);
            assertThat(rule.getApiGroups()).containsExactly("");
            assertThat(rule.getResources()).containsExactly("pods");
            assertThat(rule.getVerbs()).containsExactly("list");
            RoleBinding binding = manifests.only(RoleBinding.class);
            assertThat(binding.getRoleRef().getKind()).isEqualTo("Role");
            assertThat(binding.getRoleRef().getName()).isEqualTo(name(role));
            assertThat(binding.getSubjects()).singleElement().satisfies(subject -> {
                assertThat(subject.getKind()).isEqualTo("ServiceAccount");
                assertThat(subject.getName()).isEqualTo(account);
                assertThat(subject.getNamespace())
                        .isEqualTo(binding.getMetadata().getNamespace());
            });
        }
    }

    @Test
    void discoveryFindsAllNodes() {
        String found = settings().get("LANYING_DISCOVERY_SERVICE");
        if (settings().get("LANYING_DISCOVERY").equals("kubernetes")) {
            assertThat(selected(Map.of(NAME_LABEL, found))).isEqualTo(nodes);
        } else {
            Service headless = named(Service.class, found);
            assertThat(selected(headless.getSpec().getSelector())).isEqualTo(nodes);
            assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
            assertThat(headless.getSpec().getPublishNotReadyAddresses()).isTrue();
        }
        deployments.forEach(each -> assertThat(environment(each))
                .extractingByKeys("LANYING_REMOTE_HOST", "LANYING_MANAGEMENT_HOST")
                .allSatisfy(host -> assertThat(host.getValueFrom().getFieldRef().getFieldPath())
                        .isEqualTo("status.podIP")));
    }

    @Test
    void enoughNodesAreThereForTheFirstCluster() {
        int fixed = deployments.stream()
                .mapToInt(each -> each.getSpec().getReplicas() == null
                        ? 0
                        : each.getSpec().getReplicas())
                .sum();
        int scaled = manifests.all(HorizontalPodAutoscaler.class).stream()
                .mapToInt(each -> each.getSpec().getMinReplicas())
                .sum();
        assertThat(fixed + scaled)
                .isGreaterThanOrEqualTo(Integer.parseInt(settings().get("LANYING_DISCOVERY_NODES")));
    }

    @Test
    void anAutoscalerAloneDecidesHowManyThereAre() {
        Set<String> scaled = manifests.all(HorizontalPodAutoscaler.class).stream()
                .map(each -> each.getSpec().getScaleTargetRef())
                .map(target -> target.getApiVersion() + " " + target.getKind() + " " + target.getName())
                .collect(Collectors.toSet());
        assertThat(scaled)
                .isEqualTo(deployments.stream()
                        .filter(each -> each.getSpec().getReplicas() == null)
                        .map(each -> "apps/v1 Deployment " + name(each))
                        .collect(Collectors.toSet()));
    }

    @Test
    void settingsAreOnesThatANodeKnows() {
        Set<String> known = known();
        assertThat(known).contains("LANYING_JOURNAL", "LANYING_HTTP_HOST", "LANYING_JAVA_OPTS");
        deployments.forEach(each -> {
            Set<String> unknown = new TreeSet<>(environment(each).keySet());
            unknown.removeAll(known);
            assertThat(unknown).isEmpty();
        });
    }

    /** Variables that the configuration files of the modules, or the script, read. */
    private static Set<String> known() {
        Pattern read = Pattern.compile("\\$\\{\\??(LANYING_[A-Z0-9_]+)");
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            List<Path> resources = modules.map(each -> each.resolve("src/main/resources"))
                    .filter(Files::isDirectory)
                    .toList();
            Set<String> known = new TreeSet<>();
            for (Path folder : resources) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(file -> file.toString().endsWith(".conf"))
                            .forEach(file -> known.addAll(read(file, read)));
                }
            }
            known.addAll(read(Path.of("bin", "lanying"), read));
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> read(Path file, Pattern variable) {
        try {
            return variable.matcher(Files.readString(file))
                    .results()
                    .map(result -> result.group(1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void secretsAreReferredToAndNotWritten() {
        Pattern secret = Pattern.compile(".*(PASSWORD|SECRET|KEY|TOKEN|JDBC_USER)");
        assertThat(manifests.all()).noneMatch(each -> each.getKind().equals("Secret"));
        assertThat(settings().keySet()).noneMatch(secret.asMatchPredicate());
        assertThat(settings().values()).noneMatch(value -> value.contains("password"));
        deployments.forEach(each -> {
            Map<String, EnvVar> secrets = new TreeMap<>(environment(each));
            secrets.keySet().removeIf(secret.asMatchPredicate().negate());
            assertThat(secrets.keySet())
                    .contains("LANYING_JDBC_PASSWORD", "LANYING_MASTER_KEY", "LANYING_OPERATOR_KEY");
            assertThat(secrets.values())
                    .allSatisfy(variable -> assertThat(variable.getValueFrom().getSecretKeyRef())
                            .isNotNull());
        });
    }

    @Test
    void aNodeHasNoRightsAndWritesToItsVolumesOnly() {
        deployments.forEach(each -> {
            PodSpec pod = pod(each);
            var owner = pod.getSecurityContext();
            assertThat(owner.getRunAsNonRoot()).isTrue();
            assertThat(owner.getRunAsUser() + ":" + owner.getRunAsGroup()).isEqualTo(imageUser());
            assertThat(owner.getFsGroup()).isEqualTo(owner.getRunAsGroup());
            assertThat(owner.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            var rights = node(each).getSecurityContext();
            assertThat(rights.getReadOnlyRootFilesystem()).isTrue();
            assertThat(rights.getAllowPrivilegeEscalation()).isFalse();
            assertThat(rights.getCapabilities().getDrop()).containsExactly("ALL");
            Map<String, Volume> volumes = byName(pod.getVolumes(), Volume::getName);
            List<VolumeMount> mounts = node(each).getVolumeMounts();
            assertThat(volumes.keySet())
                    .isEqualTo(byName(mounts, VolumeMount::getName).keySet());
            assertThat(mounts.stream()
                            .filter(mount -> volumes.get(mount.getName()).getEmptyDir() != null)
                            .map(VolumeMount::getMountPath))
                    .containsExactlyInAnyOrder("/tmp", settings().get("LANYING_DATA_DIR"));
            assertThat(node(each).getImage()).matches("lanying-push:[0-9.]+");
        });
    }

    private static String imageUser() {
        try (Stream<String> lines = Files.lines(Path.of("image", "Dockerfile"))) {
            return lines.filter(line -> line.startsWith("USER "))
                    .map(line -> line.substring("USER ".length()))
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> settings() {
        return manifests.only(ConfigMap.class).getData();
    }

    /** What a node of it gets, the settings of all included. */
    private Map<String, EnvVar> environment(Deployment deployment) {
        Container node = node(deployment);
        assertThat(node.getEnvFrom())
                .singleElement()
                .extracting(from -> from.getConfigMapRef().getName())
                .isEqualTo(name(manifests.only(ConfigMap.class)));
        Map<String, EnvVar> all = new TreeMap<>();
        settings()
                .forEach((name, value) -> all.put(
                        name,
                        new EnvVarBuilder().withName(name).withValue(value).build()));
        all.putAll(byName(node.getEnv(), EnvVar::getName));
        return all;
    }

    private Set<String> roles(Deployment deployment) {
        return Set.copyOf(Arrays.asList(
                environment(deployment).get("LANYING_ROLES").getValue().split(",", -1)));
    }

    private List<String> selected(LabelSelector selector) {
        assertThat(selector.getMatchExpressions()).isEmpty();
        return selected(selector.getMatchLabels());
    }

    /** The deployments whose pods have the labels. */
    private List<String> selected(Map<String, String> labels) {
        assertThat(labels).isNotEmpty();
        return deployments.stream()
                .filter(each -> each.getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(labels.entrySet()))
                .map(KubernetesManifestsTest::name)
                .toList();
    }

    private <T extends HasMetadata> T named(Class<T> type, String name) {
        return byName(manifests.all(type), KubernetesManifestsTest::name).get(name);
    }

    private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
        return all.stream().collect(Collectors.toMap(name, Function.identity()));
    }

    private static Map<String, Integer> ports(Deployment deployment) {
        return node(deployment).getPorts().stream()
                .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
    }

    private static PodSpec pod(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec();
    }

    private static Container node(Deployment deployment) {
        assertThat(pod(deployment).getContainers()).hasSize(1);
        return pod(deployment).getContainers().get(0);
    }

    private static String name(HasMetadata of) {
        return of.getMetadata().getName();
    }
}
