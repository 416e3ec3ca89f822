import type { Diagnostic } from '../../base/diagnostic.ts';
import type { UpstreamDefinition, WrittenCall } from '../../base/registration.ts';
import type { WorkloadPort } from '../../base/workload.ts';
import { PROTOCOLS } from '../../entries/mistyped.ts';
import { fromJson } from '../../schema/located.ts';
import { errorHere, type Place, rangeAt, rangeInside, under, warningAtKey } from '../../schema/place.ts';
import type { ObjectOf } from '../object.ts';
import type { InjectorOptions, KubeServiceDefaults } from '../plan.ts';
import { tcpPorts } from '../pod/ports.ts';
import type { PodTemplate } from '../pod/schema.ts';
import { Annotations } from './annotation-map.ts';
import { META_PREFIX, PREFIX } from './annotations.ts';
import { type InjectedService, injectedServices } from './services.ts';
import { splitTags } from './tags.ts';
import { type PlacedUpstream, parseUpstreams, portClashes } from './upstreams.ts';
import { wantsSidecar } from './wants-sidecar.ts';

/** What the injector makes of a template; the same for all its pods but for `$POD_NAME`. */
export interface Injection {
  /** Each with a sidecar of its own; the first one's has the upstreams. */
  readonly services: readonly InjectedService[];
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly upstreams: readonly UpstreamDefinition[];
  /** The same, with their places. */
  readonly calls: readonly WrittenCall[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly defaults: readonly KubeServiceDefaults[];
}

export interface InjectInput {
  readonly template: PodTemplate;
  /** Where the template stands. */
  readonly at: Place;
  readonly namespace: string;
  /** Kubernetes Services that select the pods, in the order of the manifests. */
  readonly services: readonly ObjectOf<'Service'>[];
  readonly injector: InjectorOptions;
}

/** Reads the annotations of a pod template. Undefined: no sidecar. Annotations are checked for typos elsewhere. */
export function injection(input: InjectInput, out: Diagnostic[]): Injection | undefined {
  const { template } = input;
  const annotations = new Annotations(template.metadata?.annotations ?? {}, under(input.at, 'metadata', 'annotations'));
  if (!wantsSidecar(annotations, input.namespace, input.injector, out)) return undefined;
  const services = injectedServices(input, annotations, out);
  const known = services.filter(({ port }) => port > 0).map(({ port }) => ({ port }));
  const upstreams = upstreamsOf(annotations, [...tcpPorts(template.spec.containers), ...known], out);
  return {
    services,
    tags: tagsOf(annotations, out),
    meta: metaOf(annotations),
    upstreams: upstreams.map(({ upstream }) => upstream),
    calls: upstreams.flatMap(({ upstream: { service, datacenter, isQuery }, start, end }) => {
      if (isQuery) return [];
      const at = rangeInside(annotations.place(UPSTREAMS), start, end);
      return [{ service, datacenter, at }];
    }),
    config: configOf(annotations, out),
    defaults: protocolOf(annotations, services, out),
  };
}

/** Environment variables by which an application finds its upstreams: `PAYMENTS_CONNECT_SERVICE_HOST` and `…_PORT`. */
export function upstreamEnv(upstreams: readonly UpstreamDefinition[]): Record<string, string> {
  return Object.fromEntries(
    upstreams.flatMap(({ service, localAddress, localPort }) => {
      const name = service.toUpperCase().replaceAll('-', '_');
      return [
        [`${name}_CONNECT_SERVICE_HOST`, localAddress],
        [`${name}_CONNECT_SERVICE_PORT`, String(localPort)],
      ];
    }),
  );
}

function protocolOf(annotations: Annotations, services: readonly InjectedService[], out: Diagnostic[]): KubeServiceDefaults[] {
  const protocol = annotations.get('connect-service-protocol');
  if (protocol === undefined) return [];
  const place = annotations.place('connect-service-protocol');
  if (!PROTOCOLS.includes(protocol)) {
    out.push(errorHere(place, `there is no protocol "${protocol}"`, { detail: `expected one of: ${PROTOCOLS.join(', ')}` }));
    return [];
  }
  const names = services.map(({ name }) => `"${name}"`).join(' and ');
  out.push(
    warningAtKey(place, `the annotation "${PREFIX}connect-service-protocol" was removed from consul-k8s (0.24)`, {
      detail: `honoured here as Protocol = "${protocol}" in the service-defaults of ${names}`,
    }),
  );
  const range = rangeAt(place);
  return services.map(({ name }) => ({ service: name, protocol, ...(range ? { range } : {}) }));
}

function tagsOf(annotations: Annotations, out: Diagnostic[]): string[] {
  const old = annotations.get('connect-service-tags');
  if (old !== undefined) {
    out.push(
      warningAtKey(annotations.place('connect-service-tags'), `the annotation "${PREFIX}connect-service-tags" is an old name`, {
        hint: `write ${PREFIX}service-tags`,
      }),
    );
  }
  return [...splitTags(annotations.get('service-tags') ?? ''), ...splitTags(old ?? '')];
}

function metaOf(annotations: Annotations): Record<string, string> {
  const prefix = PREFIX + META_PREFIX;
  const own = Object.entries(annotations.all).filter(([key]) => key.startsWith(prefix) && key.length > prefix.length);
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

const UPSTREAMS = 'connect-service-upstreams';

function upstreamsOf(annotations: Annotations, ports: readonly WorkloadPort[], out: Diagnostic[]): PlacedUpstream[] {
  const text = annotations.get(UPSTREAMS);
  if (text === undefined || text.trim() === '') return [];
  const place = annotations.place(UPSTREAMS);
  const { upstreams, diagnostics } = parseUpstreams(text, place, ports);
  out.push(...diagnostics, ...portClashes(upstreams, ports, place));
  return upstreams;
}

function configOf(annotations: Annotations, out: Diagnostic[]): Record<string, unknown> {
  const text = annotations.get('proxy-config-map');
  if (text === undefined) return {};
  const place = annotations.place('proxy-config-map');
  try {
    const config: unknown = JSON.parse(text);
    if (fromJson(config).type === 'map') return config as Record<string, unknown>;
    out.push(errorHere(place, 'proxy-config-map must be a JSON object'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The engine's own words differ from one version of Node to the next.
    out.push(errorHere(place, 'proxy-config-map is not JSON', { detail: 'expected an object such as {"local_connect_timeout_ms": 1000}' }));
  }
  return {};
}
