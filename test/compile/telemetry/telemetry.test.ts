import { describe, expect, it } from 'vitest';
import { buildProxyConfig } from '../../../src/compile/proxy.ts';
import type { Telemetry } from '../../../src/compile/proxy-config.ts';
import { put, register, service, sidecar, snapshotOf } from '../../catalog/registrations.ts';

const TRUST = { trustDomain: '11111111-2222-3333-4444-555555555555.consul', extraLoopback: false };

/** Of web's sidecar at 127.5.0.100, from proxy-defaults and the registration of that sidecar. */
function telemetry(defaults: object, config: Record<string, unknown> = {}, tracing?: { url: string; samplePercent: number }) {
  const proxy = sidecar('web', [], { Address: '127.5.0.100' });
  const registered = { ...proxy, Proxy: { ...proxy.Proxy!, Config: config } };
  const s = snapshotOf(register('n1', [service('web', { Port: 9090 }), registered]), put('proxy-defaults', 'global', defaults));
  const built = buildProxyConfig(s, 'dc1/n1/web-sidecar-proxy', { ...TRUST, ...(tracing ? { tracing } : {}) });
  if (!built.ok) throw new Error(built.error.map((d) => d.summary).join('; '));
  return built.value.telemetry;
}

it('is absent where nobody asked for it', () => {
  expect(telemetry({ Config: { protocol: 'http' } })).toBeUndefined();
});

describe('addresses of metrics', () => {
  it.each<[string, Telemetry['metrics']]>([
    ['0.0.0.0:9102', [{ bind: { address: '127.5.0.100', port: 9102 }, path: '/metrics' }]],
    ['127.0.0.1:9102', [{ bind: { address: '127.0.0.1', port: 9102 }, path: '/metrics' }]],
    ['[::]:9102', [{ bind: { address: '127.5.0.100', port: 9102 }, path: '/metrics' }]],
    ['9102', undefined],
    ['127.0.0.1:99999', undefined],
  ])('%s', (envoy_prometheus_bind_addr, expected) => {
    expect(telemetry({ Config: { envoy_prometheus_bind_addr } })?.metrics).toEqual(expected);
  });

  it('are those of the registration, if it has some', () => {
    const found = telemetry({ Config: { envoy_stats_bind_addr: '0.0.0.0:1' } }, { envoy_stats_bind_addr: '0.0.0.0:2' });
    expect(found?.metrics).toEqual([{ bind: { address: '127.5.0.100', port: 2 }, path: '/stats/prometheus' }]);
  });

  it('come with the labels of envoy_stats_tags', () => {
    expect(telemetry({ Config: { envoy_stats_tags: ['Team.Name=a=b', 'canary'] } })?.labels).toEqual({ team_name: 'a=b', canary: '1' });
  });
});

describe('access logs', () => {
  it('are off unless enabled, and JSON unless a format is given', () => {
    expect(telemetry({ AccessLogs: { Enabled: false, TextFormat: 'x' } })).toBeUndefined();
    const { accessLogs } = telemetry({ AccessLogs: { Enabled: true } })!;
    expect(accessLogs).toMatchObject({
      refusedConnections: true,
      format: { json: { response_code: '%RESPONSE_CODE%', mesh_rule: '%MESH_RULE%' } },
    });
  });

  it('have a path for type file alone, and lines that end', () => {
    const file = { Enabled: true, Type: 'file', Path: '/tmp/a.log', TextFormat: '%PROTOCOL%', DisableListenerLogs: true };
    expect(telemetry({ AccessLogs: file })?.accessLogs).toEqual({
      path: '/tmp/a.log',
      format: { text: '%PROTOCOL%\n' },
      refusedConnections: false,
    });
    expect(telemetry({ AccessLogs: { Enabled: true, Type: 'stderr', JSONFormat: '{"a":"%PROTOCOL%"}' } })?.accessLogs).toEqual({
      format: { json: { a: '%PROTOCOL%' } },
      refusedConnections: true,
    });
  });
});

/** As Consul's documentation has it, in both spellings of Envoy. */
const cluster = (name: string, address: string, port_value: number) =>
  JSON.stringify({
    name,
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address, port_value } } } }] }],
    },
  });
const zipkin = {
  envoy_tracing_json: JSON.stringify({
    http: {
      name: 'envoy.tracers.zipkin',
      typedConfig: {
        '@type': 'type.googleapis.com/envoy.config.trace.v3.ZipkinConfig',
        collector_cluster: 'zipkin',
        collector_endpoint: '/api/v1/spans',
      },
    },
  }),
  envoy_extra_static_clusters_json: `${cluster('other', '10.0.0.1', 1)},\n${cluster('zipkin', '127.0.0.1', 9411)}`,
};
const otel = (typed_config: object) => ({
  envoy_tracing_json: JSON.stringify({ http: { name: 'envoy.tracers.opentelemetry', typed_config } }),
  envoy_extra_static_clusters_json: cluster('collector', '127.0.0.1', 4317),
});

describe('tracing', () => {
  it('goes to the Zipkin that Envoy is configured for, and begins no trace by itself', () => {
    expect(telemetry({ Config: zipkin })?.tracing).toEqual({
      protocol: 'zipkin',
      url: 'http://127.0.0.1:9411/api/v2/spans',
      service: 'web',
      samplePercent: 0,
    });
  });

  it.each([
    [{ grpc_service: { envoy_grpc: { cluster_name: 'collector' } }, service_name: 'mine' }, 'http://127.0.0.1:4318/v1/traces', 'mine'],
    [{ grpcService: { googleGrpc: { targetUri: 'otel.local:4317' } } }, 'http://otel.local:4318/v1/traces', 'web'],
    [{ http_service: { http_uri: { uri: 'http://x/my/traces', cluster: 'collector' } } }, 'http://127.0.0.1:4317/my/traces', 'web'],
  ])('goes to an OpenTelemetry collector by HTTP: %j', (typed, url, name) => {
    expect(telemetry({ Config: otel(typed) })?.tracing).toEqual({ protocol: 'otlp', url, service: name, samplePercent: 0 });
  });

  it('takes as many requests as the listener is told', () => {
    const envoy_listener_tracing_json = JSON.stringify({ randomSampling: { value: 25 }, overall_sampling: { value: 50 } });
    expect(telemetry({ Config: { ...zipkin, envoy_listener_tracing_json } })?.tracing?.samplePercent).toBe(25);
  });

  it('is none where the tracer is another, or its cluster is not there', () => {
    expect(telemetry({ Config: { ...zipkin, envoy_extra_static_clusters_json: cluster('other', '10.0.0.1', 1) } })).toBeUndefined();
    expect(telemetry({ Config: { envoy_tracing_json: '{"http":{"name":"envoy.tracers.datadog"}}' } })).toBeUndefined();
    expect(telemetry({ Config: { envoy_tracing_json: '{' } })).toBeUndefined();
  });

  it('goes to the collector of the agent where the configuration names none', () => {
    const tracing = { url: 'http://127.0.0.1:4318/v1/traces', samplePercent: 100 };
    expect(telemetry({}, {}, tracing)?.tracing).toEqual({ ...tracing, protocol: 'otlp', service: 'web' });
    expect(telemetry({ Config: zipkin }, {}, tracing)?.tracing?.protocol).toBe('zipkin');
  });
});
