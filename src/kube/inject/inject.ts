import type { Diagnostic } from '../../base/diagnostic.ts';
import type { UpstreamDefinition } from '../../base/registration.ts';
import type { WorkloadPort } from '../../base/workload.ts';
import { fromJson } from '../../schema/located.ts';
import type { ObjectOf } from '../object.ts';
import { errorHere, type Place, rangeAt, under, warningAtKey } from '../place.ts';
import type { KubeServiceDefaults } from '../plan.ts';
import { resolvePort, tcpPorts } from '../pod/ports.ts';
import type { PodTemplate } from '../pod/schema.ts';
import { META_PREFIX, PREFIX } from './annotations.ts';
import { splitTags } from './tags.ts';
import { parseUpstreams, portClashes } from './upstreams.ts';

/** What the injector makes of a template; the same for all its pods but for `$POD_NAME`. */
export interface Injection {
  readonly service: string;
  /** 0 when none is known. */
  readonly port: number;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly upstreams: readonly UpstreamDefinition[];
  readonly config: Readonly<Record<string, unknown>>;
  /** Name of the Kubernetes Service that stands for the pods, if there is one. */
  readonly kubeService?: string;
  readonly defaults?: KubeServiceDefaults;
}

export interface InjectInput {
  readonly template: PodTemplate;
  /** Where the template stands. */
  readonly at: Place;
  /** Kubernetes Services that select the pods, in the order of the manifests. */
  readonly services: readonly ObjectOf<'Service'>[];
  readonly injectByDefault: boolean;
}

/** Reads the annotations of a pod template. Undefined: no sidecar. Annotations are checked for typos elsewhere. */
export function injection(input: InjectInput, out: Diagnostic[]): Injection | undefined {
  const { template } = input;
  const annotations = new Annotations(template.metadata?.annotations ?? {}, under(input.at, 'metadata', 'annotations'));
  if (!wantsSidecar(annotations, input.injectByDefault, out)) return undefined;
  const ports = tcpPorts(template.spec.containers);
  const kubeService = kubeServiceOf(input, annotations, out);
  const service = annotations.get('connect-service') ?? kubeService?.name ?? template.spec.containers[0]!.name;
  if (service.includes(',')) {
    out.push(errorHere(annotations.place('connect-service'), 'several services in one pod are not supported yet'));
  } else if (service.trim() === '') out.push(errorHere(annotations.place('connect-service'), 'the name of the service is empty'));
  const port = portOf(annotations, ports, kubeService, out);
  const defaults = protocolOf(annotations, service, out);
  return {
    service,
    port,
    tags: tagsOf(annotations, out),
    meta: metaOf(annotations),
    upstreams: upstreamsOf(annotations, port === 0 ? ports : [...ports, { port }], out),
    config: configOf(annotations, out),
    ...(kubeService ? { kubeService: kubeService.name } : {}),
    ...(defaults ? { defaults } : {}),
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

class Annotations {
  readonly all: Readonly<Record<string, string>>;
  readonly at: Place;

  constructor(all: Readonly<Record<string, string>>, at: Place) {
    this.all = all;
    this.at = at;
  }

  get(name: string): string | undefined {
    return Object.hasOwn(this.all, PREFIX + name) ? this.all[PREFIX + name] : undefined;
  }

  place(name: string): Place {
    return under(this.at, PREFIX + name);
  }
}

function wantsSidecar(annotations: Annotations, byDefault: boolean, out: Diagnostic[]): boolean {
  const value = annotations.get('connect-inject');
  if (value !== undefined) {
    // Go's ParseBool, which the injector uses.
    if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true;
    if (/^(0|f|F|false|FALSE|False)$/.test(value)) return false;
    out.push(errorHere(annotations.place('connect-inject'), `"${value}" is neither "true" nor "false"`));
    return false;
  }
  const other = ['connect-service-upstreams', 'connect-service', 'connect-service-port'].find(
    (name) => annotations.get(name) !== undefined,
  );
  if (!byDefault && other !== undefined) {
    out.push(
      warningAtKey(annotations.place(other), `the annotation "${PREFIX}${other}" has no effect: the pod gets no sidecar`, {
        hint: `add ${PREFIX}connect-inject: "true"`,
      }),
    );
  }
  return byDefault;
}

function kubeServiceOf(input: InjectInput, annotations: Annotations, out: Diagnostic[]): ObjectOf<'Service'> | undefined {
  const wanted = annotations.get('kubernetes-service');
  const names = input.services.map((service) => service.name);
  if (wanted !== undefined) {
    const found = input.services.find((service) => service.name === wanted);
    if (!found) {
      const detail = names.length === 0 ? 'no Service selects this pod' : `Services that select this pod: ${names.join(', ')}`;
      out.push(errorHere(annotations.place('kubernetes-service'), `no Service "${wanted}" selects this pod`, { detail }));
    }
    return found;
  }
  if (names.length > 1 && annotations.get('connect-service') === undefined) {
    out.push(
      warningAtKey(under(input.at, 'metadata', 'labels'), `several Services select this pod; "${names[0]}" names it in the mesh`, {
        detail: `Services that select it: ${names.join(', ')}`,
        hint: `choose one with the annotation ${PREFIX}kubernetes-service`,
      }),
    );
  }
  return input.services[0];
}

function portOf(
  annotations: Annotations,
  ports: readonly WorkloadPort[],
  kubeService: ObjectOf<'Service'> | undefined,
  out: Diagnostic[],
): number {
  for (const name of ['connect-service-port', 'connect-service-default-port']) {
    const text = annotations.get(name);
    if (text === undefined) continue;
    const place = annotations.place(name);
    if (text.includes(',')) {
      out.push(errorHere(place, 'several ports of one pod are not supported yet'));
      return 0;
    }
    const port = resolvePort(ports, /^\d+$/.test(text) ? Number(text) : text, place, 'the pod has');
    if (typeof port === 'number') return port;
    out.push(port);
    return 0;
  }
  if (ports[0]) return ports[0].port;
  const first = kubeService?.body.spec.ports[0];
  const target = first?.targetPort ?? first?.port;
  return typeof target === 'number' ? target : 0;
}

function protocolOf(annotations: Annotations, service: string, out: Diagnostic[]): KubeServiceDefaults | undefined {
  const protocol = annotations.get('connect-service-protocol');
  if (protocol === undefined) return undefined;
  const place = annotations.place('connect-service-protocol');
  if (!['tcp', 'http', 'http2', 'grpc'].includes(protocol)) {
    out.push(errorHere(place, `there is no protocol "${protocol}"`, { detail: 'expected one of: tcp, http, http2, grpc' }));
    return undefined;
  }
  out.push(
    warningAtKey(place, `the annotation "${PREFIX}connect-service-protocol" was removed from consul-k8s (0.24)`, {
      detail: `honoured here as Protocol = "${protocol}" in the service-defaults of "${service}"`,
    }),
  );
  const range = rangeAt(place);
  return { service, protocol, ...(range ? { range } : {}) };
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

function upstreamsOf(annotations: Annotations, ports: readonly WorkloadPort[], out: Diagnostic[]): UpstreamDefinition[] {
  const text = annotations.get('connect-service-upstreams');
  if (text === undefined || text.trim() === '') return [];
  const place = annotations.place('connect-service-upstreams');
  const { upstreams, diagnostics } = parseUpstreams(text, place, ports);
  out.push(...diagnostics, ...portClashes(upstreams, ports, place));
  return upstreams.map(({ upstream }) => upstream);
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
