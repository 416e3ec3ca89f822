import type { Tracing } from '../proxy-config.ts';
import { textSetting } from '../settings.ts';
import { at, textAt } from './envoy-json.ts';
import { staticClusterAddress } from './static-cluster.ts';

/** For proxies whose configuration names no collector. */
export type TracingDefault = Pick<Tracing, 'url' | 'samplePercent'>;

type Settings = Readonly<Record<string, unknown>>;

/** Consul traces what a client wants traced, and begins no trace by itself. */
const CONSUL_SAMPLE_PERCENT = 0;
/** OTLP over gRPC and over HTTP: collectors that take one take the other beside it. */
const OTLP_GRPC_PORT = 4317;
const OTLP_HTTP_PORT = 4318;

/**
 * Consul: `envoy_tracing_json` names a tracer and a cluster of `envoy_extra_static_clusters_json`, `envoy_listener_tracing_json` how
 * many requests. Zipkin and OpenTelemetry are understood, as far as they name an address; other tracers are not, and nothing is sent.
 */
export function tracingOf(config: Settings, service: string, fallback: TracingDefault | undefined): Tracing | undefined {
  const tracer = collectorOf(config, service);
  if (!tracer) return fallback && { protocol: 'otlp', ...fallback, service };
  const listener = at(textSetting(config, 'envoy_listener_tracing_json'), []);
  const percents = ['randomSampling', 'overallSampling'].map((name) => at(listener, [name, 'value'])).filter((n) => typeof n === 'number');
  return { ...tracer, samplePercent: percents.length === 0 ? CONSUL_SAMPLE_PERCENT : Math.min(...percents) };
}

function collectorOf(config: Settings, service: string): Omit<Tracing, 'samplePercent'> | undefined {
  const http = at(textSetting(config, 'envoy_tracing_json'), ['http']);
  const tracer = at(http, ['typedConfig']) ?? at(http, ['config']);
  const name = `${textAt(http, ['name']) ?? ''} ${textAt(tracer, ['@type']) ?? ''}`;
  const clusters = textSetting(config, 'envoy_extra_static_clusters_json');
  if (/zipkin/i.test(name)) {
    const address = staticClusterAddress(clusters, textAt(tracer, ['collectorCluster']));
    const path = textAt(tracer, ['collectorEndpoint']) ?? '/api/v2/spans';
    // The first version has another format; whoever takes it takes the second at its own path.
    return address === undefined
      ? undefined
      : { protocol: 'zipkin', url: `http://${address}${path.replace('/api/v1/', '/api/v2/')}`, service };
  }
  if (!/open_?telemetry/i.test(name)) return undefined;
  const url = otlpUrl(tracer, clusters);
  return url === undefined ? undefined : { protocol: 'otlp', url, service: textAt(tracer, ['serviceName']) ?? service };
}

function otlpUrl(tracer: unknown, clusters: string | undefined): string | undefined {
  const httpCluster = staticClusterAddress(clusters, textAt(tracer, ['httpService', 'httpUri', 'cluster']));
  const uri = textAt(tracer, ['httpService', 'httpUri', 'uri']);
  if (httpCluster) return `http://${httpCluster}${/^https?:\/\/[^/]*(\/.*)$/.exec(uri ?? '')?.[1] ?? '/v1/traces'}`;
  const cluster = staticClusterAddress(clusters, textAt(tracer, ['grpcService', 'envoyGrpc', 'clusterName']));
  const host = cluster ?? textAt(tracer, ['grpcService', 'googleGrpc', 'targetUri']);
  return host === undefined ? undefined : `http://${host.replace(new RegExp(`:${OTLP_GRPC_PORT}$`), `:${OTLP_HTTP_PORT}`)}/v1/traces`;
}
