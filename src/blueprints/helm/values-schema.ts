import { any, bool, type Decoded, type Field, list, object, oneOf, optional, string } from '../../schema/schema.ts';

/** Switches of the chart: `-` means "as global.enabled says". Helm makes strings of bools now and then. */
const enabled = oneOf('true', 'false', '-');

/** Keys of the chart that mean nothing without a real cluster: images, resources, volumes, tolerations, … */
function without(names: string): Record<string, Field<ReturnType<typeof any>, false>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, optional(any(), 'Accepted.')]));
}

/** Values of the Consul chart, of its versions since 2019, as far as they mean something here. */
export const consulValues = object({
  global: optional(
    object({
      enabled: optional(bool(), 'Whether parts that do not say otherwise are installed.'),
      name: optional(string(), 'Prefix of the names of what the chart makes.'),
      datacenter: optional(string(), 'Datacenter of the pods. The chart says dc1.'),
      image: optional(string(), 'Image of the servers.'),
      acls: optional(
        object({
          manageSystemACLs: optional(bool(), 'ACLs.'),
          ...without(
            'bootstrapToken replicationToken createReplicationToken partitionToken resources tolerations nodeSelector annotations',
          ),
        }),
        'ACLs.',
      ),
      bootstrapACLs: optional(bool(), 'ACLs, in old charts.'),
      tls: optional(
        object({
          enabled: optional(bool(), 'TLS of servers.'),
          ...without('enableAutoEncrypt serverAdditionalDNSSANs serverAdditionalIPSANs verify httpsOnly caCert caKey annotations'),
        }),
        'TLS of servers.',
      ),
      enableConsulNamespaces: optional(bool(), 'Namespaces of Consul Enterprise.'),
      federation: optional(
        object({
          enabled: optional(bool(), 'Federation.'),
          ...without('createFederationSecret primaryDatacenter primaryGateways k8sAuthMethodHost logLevel'),
        }),
        'Federation.',
      ),
      peering: optional(object({ enabled: optional(bool(), 'Peering.'), ...without('tokenGeneration') }), 'Peering.'),
      ...without(
        'adminPartitions argocd cloud consulAPITimeout consulSidecarContainer domain dualStack enableGatewayMetrics enablePodSecurityPolicies enterpriseLicense experiments extraLabels gossipEncryption imageConsulDataplane imageEnvoy imageK8S imageK8s imagePullPolicy imagePullSecrets lifecycleSidecarContainer logJSON logLevel metrics openshift recursors secretsBackend trustedCAs',
      ),
    }),
    'Of all parts.',
  ),
  server: optional(
    object({
      enabled: optional(enabled, 'Whether the cluster has servers of its own.'),
      image: optional(string(), 'Image of the servers.'),
      extraConfig: optional(any(), 'Configuration of the servers, as JSON.'),
      ...without(
        'affinity annotations auditLogs bootstrapExpect connect containerSecurityContext disableFsGroupSecurityContext disruptionBudget enterpriseLicense exposeGossipAndRPCPorts exposeService extraContainers extraEnvironmentVars extraLabels extraVolumes limits logLevel nodeSelector ports priorityClassName replicas requestLimits resources securityContext serverCert service serviceAccount snapshotAgent storage storageClass terminationGracePeriodSeconds tolerations topologySpreadConstraints updatePartition persistentVolumeClaimRetentionPolicy',
      ),
    }),
    'Servers.',
  ),
  externalServers: optional(
    object({
      enabled: optional(bool(), 'Whether servers outside of the cluster are used.'),
      hosts: optional(list(string()), 'Their addresses.'),
      ...without('grpcPort httpsPort k8sAuthMethodHost skipServerWatch tlsServerName useSystemRoots'),
    }),
    'Servers outside of the cluster.',
  ),
  client: optional(
    object({
      enabled: optional(enabled, 'Accepted.'),
      join: optional(list(string()), 'Addresses of servers outside of the cluster.'),
      grpc: optional(bool(), 'Accepted.'),
      ...without(
        'affinity annotations containerSecurityContext dataDirectoryHostPath dnsPolicy exposeGossipPorts extraConfig extraContainers extraEnvironmentVars extraLabels extraVolumes hostNetwork image logLevel nodeMeta nodeSelector priorityClassName resources securityContext serviceAccount snapshotAgent tolerations updateStrategy',
      ),
    }),
    'Client agents.',
  ),
  connectInject: optional(
    object({
      enabled: optional(enabled, 'Whether there is an injector.'),
      default: optional(bool(), 'Whether pods get a sidecar that do not ask for it.'),
      k8sAllowNamespaces: optional(list(string()), 'Kubernetes namespaces whose pods may get one.'),
      k8sDenyNamespaces: optional(list(string()), 'Kubernetes namespaces whose pods get none.'),
      centralConfig: optional(
        object({
          enabled: optional(bool(), 'Whether defaults are written.'),
          defaultProtocol: optional(string(), 'Protocol of services that do not say.'),
          proxyDefaults: optional(string(), 'Settings of all proxies, as JSON.'),
        }),
        'Central defaults, in charts up to 0.24.',
      ),
      transparentProxy: optional(
        object({ defaultEnabled: optional(bool(), 'Transparent proxies.'), ...without('defaultOverwriteProbes') }),
        'Transparent proxies.',
      ),
      ...without(
        'aclBindingRuleSelector aclInjectToken affinity annotations apiGateway certs cni consulNamespaces consulNode disruptionBudget dns envoyExtraArgs extraLabels failurePolicy healthChecks image imageConsul imageEnvoy imagePullPolicy initContainer logLevel metrics namespaceSelector nodeSelector overrideAuthMethodName priorityClassName replicas resources serviceAccount sidecarProxy tolerations',
      ),
    }),
    'The injector.',
  ),
  meshGateway: optional(any(), 'Not started.'),
  ingressGateways: optional(any(), 'Not started.'),
  terminatingGateways: optional(any(), 'Not started.'),
  apiGateway: optional(any(), 'Not started.'),
  syncCatalog: optional(any(), 'Not done.'),
  dns: optional(any(), 'Accepted.'),
  prometheus: optional(any(), 'Not started.'),
  ui: optional(any(), 'Accepted.'),
  controller: optional(any(), 'Accepted; custom resources always work.'),
  ...without('fullnameOverride nameOverride tests telemetryCollector webhookCertManager'),
});

export type ConsulValues = Decoded<typeof consulValues>;
