import type { Diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import { type Place, under, warningAtKey } from '../../schema/place.ts';

export const PREFIX = 'consul.hashicorp.com/';
export const META_PREFIX = 'service-meta-';

/** What became of annotations whose names (without the prefix) consul-k8s knows, and that do less or other things here. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  'connect-sync-period': 'it was removed from consul-k8s (0.26) and does nothing',
  'gateway-kind': 'gateways as pods are not supported yet',
  'service-sync': 'catalog sync is not supported yet',
  'transparent-proxy': 'the transparent proxy is not supported; upstreams are reached through their local ports',
  'consul-dns': 'names are resolved as on this machine',
};

const READ = [
  'connect-inject',
  'connect-service',
  'connect-service-default-port',
  'connect-service-port',
  'connect-service-protocol',
  'connect-service-tags',
  'connect-service-upstreams',
  'kubernetes-service',
  'proxy-config-map',
  'service-tags',
];

/** They tune the containers that a cluster adds to the pod. There are none here, so nothing is lost. */
const WITHOUT_EFFECT = [
  'connect-inject-managed-by',
  'connect-inject-mount-volume',
  'connect-inject-status',
  'connect-k8s-version',
  'consul-envoy-proxy-concurrency',
  'consul-k8s-version',
  'consul-namespace',
  'consul-sidecar-access-log-enabled',
  'consul-sidecar-access-log-path',
  'consul-sidecar-user-volume',
  'consul-sidecar-user-volume-mount',
  'dual-stack',
  'enable-consul-dataplane-as-sidecar',
  'enable-metrics',
  'enable-metrics-merging',
  'enable-sidecar-proxy-lifecycle',
  'enable-sidecar-proxy-lifecycle-shutdown-drain-listeners',
  'envoy-extra-args',
  'gateway-consul-service-name',
  'gateway-namespace',
  'gateway-wan-address-source',
  'gateway-wan-address-static',
  'gateway-wan-port',
  'merged-metrics-port',
  'mesh-gateway-container-port',
  'original-pod',
  'peering-token',
  'peering-version',
  'prometheus-ca-file',
  'prometheus-ca-path',
  'prometheus-cert-file',
  'prometheus-key-file',
  'prometheus-scrape-path',
  'prometheus-scrape-port',
  'redirect-traffic-config',
  'service-ignore',
  'service-metrics-path',
  'service-metrics-port',
  'service-name',
  'service-port',
  'service-weight',
  'sidecar-initial-probe-check-delay-seconds',
  'sidecar-probe-check-timeout-seconds',
  'sidecar-probe-failure-threshold',
  'sidecar-probe-period-seconds',
  'sidecar-proxy-cpu-limit',
  'sidecar-proxy-cpu-request',
  'sidecar-proxy-lifecycle-graceful-port',
  'sidecar-proxy-lifecycle-graceful-shutdown-path',
  'sidecar-proxy-lifecycle-graceful-startup-path',
  'sidecar-proxy-lifecycle-shutdown-grace-period-seconds',
  'sidecar-proxy-lifecycle-startup-grace-period-seconds',
  'sidecar-proxy-liveness-failure-seconds',
  'sidecar-proxy-memory-limit',
  'sidecar-proxy-memory-request',
  'sidecar-proxy-startup-failure-seconds',
  'telemetry-collector',
  'transparent-proxy-exclude-inbound-ports',
  'transparent-proxy-exclude-outbound-cidrs',
  'transparent-proxy-exclude-outbound-ports',
  'transparent-proxy-exclude-uids',
  'transparent-proxy-overwrite-probes',
  'transparent-proxy-status',
  'use-proxy-health-check',
];

const KNOWN = new Set([...READ, ...WITHOUT_EFFECT, ...Object.keys(UNSUPPORTED)]);

/** Warns of Consul's annotations that are mistyped or have no effect here. `at` is the map of annotations. */
export function checkAnnotations(annotations: Readonly<Record<string, string>>, at: Place): Diagnostic[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    const place = under(at, key);
    if (!key.startsWith(PREFIX)) return checkPrefix(key, place);
    const name = key.slice(PREFIX.length);
    if (name.startsWith(META_PREFIX) && name.length > META_PREFIX.length) return [];
    if (!KNOWN.has(name)) {
      return [warningAtKey(place, `unknown annotation "${key}"`, { detail: 'it has no effect', ...suggestion(name) })];
    }
    const reason = Object.hasOwn(UNSUPPORTED, name) ? UNSUPPORTED[name] : undefined;
    if (reason === undefined || value === 'false') return [];
    return [warningAtKey(place, `the annotation "${key}" has no effect here`, { detail: reason })];
  });
}

/** `consul.hashicorp.com` itself is easily mistyped, and then the injector sees nothing at all. */
function checkPrefix(key: string, place: Place): Diagnostic[] {
  const [domain, name, ...rest] = key.split('/');
  if (name === undefined || rest.length > 0 || !KNOWN.has(name)) return [];
  const near = didYouMean(`${domain}/`, [PREFIX]);
  return near.hint === undefined ? [] : [warningAtKey(place, `unknown annotation "${key}"`, { hint: `did you mean "${PREFIX}${name}"?` })];
}

function suggestion(name: string): { hint?: string } {
  const near = didYouMean(name, [...KNOWN, META_PREFIX]);
  return near.hint === undefined ? {} : { hint: near.hint.replace('"', `"${PREFIX}`) };
}

/** Where the injector does not look: annotations of the owner instead of its pods. */
export function checkOwner(annotations: Readonly<Record<string, string>>, at: Place, kind: string): Diagnostic[] {
  const misplaced = READ.map((name) => PREFIX + name).find((key) => Object.hasOwn(annotations, key));
  if (misplaced === undefined) return [];
  return [
    warningAtKey(under(at, misplaced), `the annotation "${misplaced}" has no effect on a ${kind}`, {
      detail: 'the injector reads the annotations of pods',
      hint: 'move it to spec.template.metadata.annotations',
    }),
  ];
}
