import { errorAt, warningAt } from '../../base/diagnostic.ts';
import type { EntryBase } from '../../entries/kind.ts';
import type { LocatedMap } from '../../schema/located.ts';
import {
  bool,
  type Decoded,
  duration,
  int,
  list,
  map,
  object,
  optional,
  reference,
  required,
  string,
  withDefault,
} from '../../schema/schema.ts';
import type { DatacenterSpec } from '../context.ts';
import { ignoredChecks } from '../health-check.ts';
import { chartReference } from '../helm/chart.ts';
import type { ChartService } from '../helm/services.ts';
import type { Injector } from '../injector.ts';
import { LEAVE_OUT } from '../leave-out.ts';
import { nearestPath } from '../nearest-path.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';
import { serviceNames } from '../service-names.ts';
import type { ClusterSpec } from './k8s-cluster.ts';

const schema = object({
  cluster: required(reference('k8s_cluster'), 'The cluster: "k8s_cluster.k3s".'),
  repository: optional(
    object({
      name: required(string(), 'Name of the repository.'),
      url: required(string(), 'Its address. Accepted; nothing is downloaded.'),
    }),
    'Repository of the chart.',
  ),
  chart: required(
    string(),
    'The Consul chart: a folder of it, an address such as "github.com/hashicorp/consul-helm", or "hashicorp/consul". Other charts need a real cluster.',
  ),
  version: optional(string(), 'Accepted; what the values mean is the same in all versions.'),
  chart_name: optional(string(), 'Name of the release. By default the name of the resource.'),
  namespace: withDefault(string(), 'default', 'Kubernetes namespace of the release.'),
  create_namespace: optional(bool(), 'Accepted; namespaces need no creation.'),
  skip_crds: optional(bool(), 'Accepted; custom resources of Consul always work.'),
  retry: optional(int(0), 'Accepted; nothing is installed that could fail.'),
  timeout: optional(duration(), 'Accepted; `run --timeout` limits the wait.'),
  values: optional(string(), 'YAML file of values, relative to the blueprint.'),
  values_string: optional(map(string()), 'Single values: `"connectInject.default" = "true"`.'),
  health_check: optional(
    object({
      timeout: optional(duration(), 'Accepted; `run --timeout` limits the wait.'),
      pods: optional(list(string()), 'Accepted; the chart starts no pods here.'),
      ...ignoredChecks('http', 'http_success_codes', 'tcp', 'services', 'nomad_jobs'),
    }),
    'Accepted.',
  ),
});

export interface HelmSpec {
  readonly cluster: string;
  readonly namespace: string;
  /** What it says of the pods of the cluster. */
  readonly injector: Injector;
  /** The cluster's own Consul server; absent when it belongs to another one. */
  readonly server?: { readonly datacenter: Omit<DatacenterSpec, 'address'>; readonly names: readonly string[] };
  /** Of that server. */
  readonly services: readonly ChartService[];
  /** Central defaults, for a datacenter that is somebody else's: written unless there are some. */
  readonly entries: readonly EntryBase[];
}

interface Reserved {
  /** Of the server. */
  readonly address?: string;
}

export const helm = resourceType<Decoded<typeof schema>, HelmSpec, Reserved>({
  type: 'helm',
  schema,
  doc: 'The Consul chart in a cluster: which pods get a sidecar, in which datacenter, with which defaults.',
  // After the servers that it joins, and before those that join its own.
  lowerFirst: () => true,
  lowerAfter: ['container'],

  async lower(config, context) {
    const { cluster, namespace, chart_name: release = context.name } = config;
    const nothing = { cluster, namespace, injector: NO_INJECTOR, services: [], entries: [] };
    const known = await isConsulChart(config, context);
    const values = await valuesOf(config, context);
    if (!known || !values) return nothing;
    const { readConsulChart } = await import('../helm/consul.ts');
    const { datacenterOf } = await import('../helm/datacenter.ts');
    const { chartServices, HTTP_PORT, prefixOf } = await import('../helm/services.ts');
    const { chart, diagnostics } = readConsulChart(values);
    for (const diagnostic of diagnostics) context.report(diagnostic);
    if (!chart) return nothing;
    checkAlone(cluster, context);
    const { name, own } = datacenterOf(chart, context);
    const { injectByDefault, allowNamespaces, denyNamespaces } = chart;
    const injector = { datacenter: name, injectByDefault, allowNamespaces, denyNamespaces };
    const entries = chart.proxyDefaults ? [chart.proxyDefaults] : [];
    if (!own) return { cluster, namespace, injector, services: [], entries };
    const prefix = prefixOf(release, chart.name);
    const services = chartServices(prefix, namespace);
    const datacenter = { name, image: chart.image, node: `${prefix}-server-0`, httpPort: HTTP_PORT, entries };
    return { cluster, namespace, injector, services, entries: [], server: { datacenter, names: serviceNames(services[0]!) } };
  },

  async reserve(key, spec, context) {
    if (!spec.server) return {};
    const { podSubnet: subnet } = context.record(spec.cluster).spec as ClusterSpec;
    const { datacenter, names } = spec.server;
    return { address: await context.allocate({ owner: key, subnet, ports: [datacenter.httpPort], names }) };
  },

  async create(key, spec, { address = '' }, context) {
    if (spec.server) await context.datacenters.open(key, { ...spec.server.datacenter, address });
    for (const service of spec.services) {
      context.forwards.publish(
        publishedName(spec, service),
        () => [address],
        (port) => service.ports.find((one) => one.port === port)?.targetPort ?? port,
      );
    }
    await context.registry.putEntries(spec.entries, spec.injector.datacenter, { onlyNew: true });
  },

  guards: () => [],

  async destroy(key, spec, reserved, context) {
    for (const service of spec.services) context.forwards.withdraw(publishedName(spec, service));
    await context.registry.removeEntries(spec.entries, spec.injector.datacenter);
    if (reserved?.address === undefined || !spec.server) return;
    await context.datacenters.close(key, { ...spec.server.datacenter, address: reserved.address });
    await context.release([reserved.address]);
  },
});

const NO_INJECTOR: Injector = { injectByDefault: false, allowNamespaces: [], denyNamespaces: [] };

const publishedName = ({ cluster }: HelmSpec, { name, namespace }: ChartService): string => `${cluster}/${namespace}/svc/${name}`;

/** One injector decides about the pods of a cluster. */
function checkAlone(cluster: string, context: LowerContext): void {
  const other = context.resources('helm').find(({ spec }) => {
    const { cluster: its, injector } = spec as Partial<HelmSpec>;
    return its === cluster && injector?.datacenter !== undefined;
  });
  if (!other) return;
  const detail = `${other.key} is it; a cluster has one injector`;
  context.report(errorAt(context.at('cluster'), `${cluster} has the Consul chart already`, { detail }));
}

/** Reports every other chart. */
async function isConsulChart({ chart, repository }: Decoded<typeof schema>, context: LowerContext): Promise<boolean> {
  const { kind } = chartReference(chart, repository);
  const at = context.at('chart');
  const path = context.resolvePath(chart);
  const missing = `chart ${JSON.stringify(chart)} does not exist`;
  if (kind === 'consul') {
    // Its name says what it is, and nothing of it is needed here; one beside it means that the name is mistyped.
    const hint = (await context.exists(path)) ? {} : await nearestPath(path, context.cwd, (folder) => context.list(folder));
    if (hint.hint !== undefined) context.report(warningAt(at, missing, { detail: 'it is taken for the Consul chart', ...hint }));
    return true;
  }
  if (kind === 'folder' && !(await context.exists(path))) {
    const detail = 'expected a folder of the Consul chart, or its address: "github.com/hashicorp/consul-helm"';
    const hint = await nearestPath(path, context.cwd, (folder) => context.list(folder));
    context.report(errorAt(at, missing, { detail, ...hint }));
    return false;
  }
  if (kind === 'folder' && (await chartName(path, context)) === 'consul') return true;
  context.report(
    errorAt(at, `chart ${JSON.stringify(chart)} can't be installed here`, {
      detail: 'it needs a real Kubernetes cluster, with a container engine for its images; here only the Consul chart means something',
      hint: LEAVE_OUT,
    }),
  );
  return false;
}

async function chartName(folder: string, context: LowerContext): Promise<string | undefined> {
  const path = `${folder}/Chart.yaml`;
  const source = (await context.exists(path)) ? await context.read(path, context.at('chart')) : undefined;
  if (!source) return undefined;
  const { readValues } = await import('../helm/values.ts');
  const name = readValues(source).values.entries.find((entry) => entry.key === 'name')?.value;
  return name?.type === 'string' ? name.value : undefined;
}

/** The file with the single values on top; undefined when they can't be read. */
async function valuesOf(config: Decoded<typeof schema>, context: LowerContext): Promise<LocatedMap | undefined> {
  const { EMPTY, readValues, setValue } = await import('../helm/values.ts');
  let values = EMPTY;
  if (config.values !== undefined) {
    const source = await context.read(context.resolvePath(config.values), context.at('values'));
    if (!source) return undefined;
    const read = readValues(source);
    for (const diagnostic of read.diagnostics) context.report(diagnostic);
    values = read.values;
  }
  const single = context.located.entries.find((entry) => entry.key === 'values_string')?.value;
  for (const { key: path, value } of single?.type === 'map' ? single.entries : []) {
    const set = setValue(values, path, value);
    if (set) values = set;
    else {
      const detail = 'write it as: "connectInject.default" = "true", or "client.join[0]" = "10.5.0.200"';
      context.report(errorAt(value.range, `${JSON.stringify(path)} is not the path of a value`, { detail }));
    }
  }
  return values;
}
