import { type Diagnostic, errorAt, hasErrors, warningAt } from '../../base/diagnostic.ts';
import type { Range } from '../../base/source.ts';
import { didYouMean } from '../../base/suggest.ts';
import { isDatacenterName } from '../../entries/datacenter-name.ts';
import { prepareEntry } from '../../entries/decode.ts';
import type { EntryBase } from '../../entries/kind.ts';
import { PROTOCOLS } from '../../entries/mistyped.ts';
import { decode } from '../../schema/decode.ts';
import { describeType, fromJson, type Located, type LocatedMap } from '../../schema/located.ts';
import { locatePath } from '../locate-path.ts';
import { type ConsulValues, consulValues } from './values-schema.ts';

/** What a release of the Consul chart says, as far as it means something here. */
export interface ConsulChart {
  /** Undefined: the chart's own dc1 was not chosen by anybody. */
  readonly datacenter: string | undefined;
  readonly injectByDefault: boolean;
  readonly allowNamespaces: readonly string[];
  readonly denyNamespaces: readonly string[];
  /** The cluster has servers of its own. */
  readonly server: boolean;
  readonly image: string;
  /** Servers elsewhere that its agents join, with their places. */
  readonly joins: readonly { readonly host: string; readonly at: Range | undefined }[];
  /** Prefix of the names of its Services, if it is not made of the release. */
  readonly name: string | undefined;
  /** Settings of all proxies: to be written as proxy-defaults unless there are some. */
  readonly proxyDefaults: EntryBase | undefined;
}

/** Decodes the values of a release and reports what is wrong in them, what is unknown, and what is not done here. */
export function readConsulChart(values: LocatedMap): { chart: ConsulChart | undefined; diagnostics: readonly Diagnostic[] } {
  const decoded = decode(values, consulValues, { subject: 'the values of the chart', unknownKeys: 'warning', notation: 'yaml' });
  const diagnostics: Diagnostic[] = [...decoded.diagnostics, ...badSwitches(values, decoded.diagnostics)];
  if (hasErrors(diagnostics)) return { chart: undefined, diagnostics };
  const { value } = decoded;
  const at = (path: string): Range | undefined => locatePath(values, path);
  diagnostics.push(...notDone(values, at), ...checkDatacenter(value, at));
  const on = (own: string | undefined): boolean => ((own ?? '-') === '-' ? (value.global?.enabled ?? true) : own === 'true');
  const injects = value.connectInject?.enabled === undefined || on(value.connectInject.enabled);
  const external = value.externalServers?.enabled ?? false;
  const joins = (value.client?.join ?? []).map((host, i) => ({ host, at: at(`client.join[${i}]`) }));
  const hosts = external ? (value.externalServers?.hosts ?? []) : [];
  const { entry, problems } = proxyDefaultsOf(value, at);
  diagnostics.push(...problems);
  const chart: ConsulChart = {
    datacenter: value.global?.datacenter,
    injectByDefault: value.connectInject?.default ?? false,
    // Nobody is injected without an injector.
    allowNamespaces: injects ? (value.connectInject?.k8sAllowNamespaces ?? ['*']) : [],
    denyNamespaces: value.connectInject?.k8sDenyNamespaces ?? [],
    server: !external && on(value.server?.enabled),
    image: value.server?.image ?? value.global?.image ?? 'hashicorp/consul',
    joins: [...joins, ...hosts.map((host, i) => ({ host, at: at(`externalServers.hosts[${i}]`) }))],
    name: value.global?.name,
    proxyDefaults: entry,
  };
  return { chart: hasErrors(diagnostics) ? undefined : chart, diagnostics };
}

const GATEWAY = 'no gateway is started by a chart';

/** What the chart would do and nothing here does, by the switch that asks for it. */
const NOT_DONE: Readonly<Record<string, string>> = {
  'global.acls.manageSystemACLs': 'there are no ACLs: every request may do everything',
  'global.bootstrapACLs': 'there are no ACLs: every request may do everything',
  'global.tls.enabled': 'the HTTP API stays without TLS; between sidecars there is mutual TLS all the same',
  'global.enableConsulNamespaces': 'there are no namespaces in the catalog',
  'global.federation.enabled': 'datacenters of one home know each other without it',
  'global.peering.enabled': 'datacenters of one home know each other without it',
  'connectInject.transparentProxy.defaultEnabled':
    'traffic is not captured; a pod names its upstreams in the annotation consul.hashicorp.com/connect-service-upstreams',
  'meshGateway.enabled': GATEWAY,
  'ingressGateways.enabled': GATEWAY,
  'terminatingGateways.enabled': GATEWAY,
  'apiGateway.enabled': GATEWAY,
  'syncCatalog.enabled': 'Services of Kubernetes are not copied into the catalog',
  'prometheus.enabled': 'no Prometheus is started',
};

function notDone(values: LocatedMap, at: (path: string) => Range | undefined): Diagnostic[] {
  return Object.entries(NOT_DONE).flatMap(([path, detail]) => {
    const asked = path.split('.').reduce<Located | undefined>(memberOf, values);
    const on = (asked?.type === 'bool' || asked?.type === 'string') && String(asked.value) === 'true';
    return on ? [warningAt(at(path), `"${path}" has no effect here`, { detail })] : [];
  });
}

/** `enabled` of parts whose other values mean nothing here. */
function badSwitches(values: LocatedMap, known: readonly Diagnostic[]): Diagnostic[] {
  return values.entries.flatMap(({ key, value: part }) => {
    const on = part.type === 'map' ? part.entries.find((entry) => entry.key === 'enabled')?.value : undefined;
    const path = `${key}.enabled`;
    if (!on || on.type === 'bool' || on.type === 'null' || known.some((diagnostic) => diagnostic.path === path)) return [];
    if (on.type === 'string' && ['true', 'false', '-'].includes(on.value)) return [];
    return [errorAt(on.range, `"${path}" must be true or false, not ${describeType(on)}`, { path })];
  });
}

const memberOf = (value: Located | undefined, key: string): Located | undefined =>
  value?.type === 'map' ? value.entries.find((entry) => entry.key === key)?.value : undefined;

function checkDatacenter(value: ConsulValues, at: (path: string) => Range | undefined): Diagnostic[] {
  const name = value.global?.datacenter;
  if (name === undefined || isDatacenterName(name)) return [];
  const detail = 'small letters, digits, "-" and "_"';
  return [errorAt(at('global.datacenter'), `${JSON.stringify(name)} is not a name for a datacenter`, { detail })];
}

/** Old charts: `centralConfig.defaultProtocol` and `proxyDefaults`. That everything is tcp needs no entry: it is the default. */
function proxyDefaultsOf(
  value: ConsulValues,
  at: (path: string) => Range | undefined,
): { entry: EntryBase | undefined; problems: readonly Diagnostic[] } {
  const { enabled = true, defaultProtocol = '', proxyDefaults = '' } = value.connectInject?.centralConfig ?? {};
  if (!enabled) return { entry: undefined, problems: [] };
  const problems: Diagnostic[] = [];
  const settings = proxyDefaults.trim() === '' ? {} : parseObject(proxyDefaults);
  if (!settings) {
    const detail = 'expected an object: {"protocol": "http"}';
    problems.push(errorAt(at('connectInject.centralConfig.proxyDefaults'), '"proxyDefaults" is not JSON', { detail }));
  }
  if (defaultProtocol !== '' && !PROTOCOLS.includes(defaultProtocol)) {
    problems.push(
      errorAt(at('connectInject.centralConfig.defaultProtocol'), `${JSON.stringify(defaultProtocol)} is not a protocol`, {
        detail: `expected one of: ${PROTOCOLS.join(', ')}`,
        ...didYouMean(defaultProtocol, PROTOCOLS),
      }),
    );
  }
  const protocol = defaultProtocol === '' || defaultProtocol === 'tcp' ? {} : { protocol: defaultProtocol };
  const config = { ...protocol, ...settings };
  if (problems.length > 0 || Object.keys(config).length === 0) return { entry: undefined, problems };
  const written = { Kind: 'proxy-defaults', Name: 'global', Config: config, Meta: { 'external-source': 'kubernetes' } };
  return { entry: prepareEntry(fromJson(written)).entry, problems };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
