import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/images/fake-service/config.ts';

function valid(env: Record<string, string>) {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.errors.join('; '));
  return result;
}

describe('readConfig', () => {
  it('has the defaults of the original', () => {
    const { config, warnings } = valid({});
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      name: 'Service',
      body: '"Hello World"',
      listen: { host: '0.0.0.0', port: 9090 },
      upstreams: [],
      upstreamWorkers: 1,
      client: { keepAlive: false, appendRequest: true, timeoutMs: 30_000 },
      server: { keepAlive: false, readTimeoutMs: 5_000, readHeaderTimeoutMs: 0, writeTimeoutMs: 10_000, idleTimeoutMs: 30_000 },
      faults: { errorRate: 0, errorType: 'http_error', errorCode: 500, rateLimitCode: 503 },
      healthCode: 200,
      ready: { successCode: 200, failureCode: 503, delayMs: 0, gatesRequests: false },
      log: { format: 'text', level: 'info', output: 'stdout' },
    });
  });

  it.each([
    [':3306', { host: '0.0.0.0', port: 3306 }],
    ['127.5.0.110:9090', { host: '127.5.0.110', port: 9090 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
  ])('listens on %s', (text, listen) => expect(valid({ LISTEN_ADDR: text }).config.listen).toEqual(listen));

  it('shows the upstreams of the author and calls the rewritten ones', () => {
    const { config } = valid({
      UPSTREAM_URIS: 'http://127.5.0.110:9090, http://127.5.0.100:9091/v1',
      MESH_ORIGINAL_UPSTREAM_URIS: 'http://10.5.0.110:9090,http://127.0.0.1:9091/v1',
    });
    expect(config.upstreams.map(({ uri, target }) => [uri, 'href' in target ? target.href : undefined])).toEqual([
      ['http://10.5.0.110:9090', 'http://127.5.0.110:9090/'],
      ['http://127.0.0.1:9091/v1', 'http://127.5.0.100:9091/v1'],
    ]);
  });

  it('takes any other upstream for gRPC', () => {
    const { config } = valid({
      UPSTREAM_URIS: 'grpc://127.5.0.110:9090,[::1]:9091',
      MESH_ORIGINAL_UPSTREAM_URIS: 'grpc://payments.container.shipyard.run:9090,localhost:9091',
    });
    expect(config.upstreams).toEqual([
      {
        type: 'gRPC',
        uri: 'grpc://payments.container.shipyard.run:9090',
        target: { host: '127.5.0.110', port: 9090, authority: 'payments.container.shipyard.run:9090' },
      },
      { type: 'gRPC', uri: 'localhost:9091', target: { host: '::1', port: 9091, authority: 'localhost:9091' } },
    ]);
  });

  it.each([
    ['v0.9.0', 'http', 'http'],
    ['v0.22.9', 'grpc', 'grpc'],
    ['v0.23.0', 'grpc', 'both'],
    ['v0.24.2', '', 'both'],
  ])('%s with SERVER_TYPE=%s speaks %s', (tag, type, protocols) => {
    expect(valid({ MESH_IMAGE_TAG: tag, SERVER_TYPE: type }).config.protocols).toBe(protocols);
  });

  it.each<[string, Record<string, string>, unknown]>([
    ['v0.17.0', { METRICS_DATADOG: 'statsd:8125' }, { host: 'statsd', port: 8125, environment: 'production' }],
    ['v0.17.0', { METRICS_DATADOG_HOST: 'statsd' }, undefined],
    ['v0.24.2', { METRICS_DATADOG_HOST: 'statsd', METRICS_DATADOG_ENVIRONMENT: 'dev' }, { host: 'statsd', port: 8125, environment: 'dev' }],
  ])('%s sends metrics as asked by %j', (tag, env, metrics) => {
    expect(valid({ MESH_IMAGE_TAG: tag, ...env }).config.metrics).toEqual(metrics);
  });

  it('generates load only when it is more than none', () => {
    expect(valid({ LOAD_CPU_CORES: '2', LOAD_CPU_PERCENTAGE: '0' }).config.load).toBeUndefined();
    expect(valid({ LOAD_CPU_CORES: '2', LOAD_CPU_PERCENTAGE: '50' }).config.load).toMatchObject({ cores: 2, cpuPercent: 50 });
    expect(valid({ LOAD_MEMORY_PER_REQUEST: '1024', MESH_IMAGE_TAG: 'v0.9.0' }).config.load).toBeUndefined();
    expect(valid({ LOAD_MEMORY_PER_REQUEST: '1024' }).config.load).toMatchObject({ cores: undefined, memoryBytes: 1024 });
  });

  it('ends the path of the page with a slash', () => {
    expect(valid({}).config.uiPath).toBe('/ui/');
    expect(valid({ UI_PATH: '/web/ui' }).config.uiPath).toBe('/web/ui/');
    expect(valid({ UI_PATH: '/web/ui', MESH_IMAGE_TAG: 'v0.24.2' }).config.uiPath).toBe('/ui/');
  });

  it('ignores what the release does not know, and an empty value', () => {
    const { config } = valid({
      MESH_IMAGE_TAG: 'v0.9.0',
      HEALTH_CHECK_RESPONSE_CODE: '503',
      HTTP_SERVER_READ_TIMEOUT: 'x',
      ERROR_RATE: '',
    });
    expect(config).toMatchObject({ healthCode: 200, server: { keepAlive: true, readTimeoutMs: 0 } });
  });

  it.each<[Record<string, string>, string]>([
    [{ ERROR_RATE: '20%' }, 'ERROR_RATE is "20%", expected a number from 0 to 1'],
    [{ ERROR_RATE: '2' }, 'ERROR_RATE is "2", expected a number from 0 to 1'],
    [{ ERROR_CODE: '42' }, 'ERROR_CODE is "42", expected a status code: 200 to 999, or 1 to 16 for gRPC'],
    [{ HEALTH_CHECK_RESPONSE_CODE: '42' }, 'HEALTH_CHECK_RESPONSE_CODE is "42", expected a whole number from 200 to 999'],
    [{ UI_PATH: 'ui' }, 'UI_PATH is "ui", expected a path below /, like /ui/'],
    [{ UI_PATH: '/' }, 'UI_PATH is "/", expected a path below /, like /ui/'],
    [{ SERVER_TYPE: 'tcp', MESH_IMAGE_TAG: 'v0.9.0' }, 'SERVER_TYPE is "tcp", expected one of http, grpc'],
    [{ METRICS_DATADOG: 'statsd', MESH_IMAGE_TAG: 'v0.9.0' }, 'METRICS_DATADOG is "statsd", expected <host>:<port>, like localhost:8125'],
    [{ UPSTREAM_WORKERS: '0' }, 'UPSTREAM_WORKERS is "0", expected a whole number, 1 or more'],
    [{ TIMING_50_PERCENTILE: '30' }, 'TIMING_50_PERCENTILE is "30", expected a duration like 300ms, 1.5s or 1m'],
    [{ HTTP_CLIENT_KEEP_ALIVES: 'yes' }, 'HTTP_CLIENT_KEEP_ALIVES is "yes", expected true or false'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud", expected one of trace, debug, info, warn, error, off'],
    [{ LISTEN_ADDR: '9090' }, 'LISTEN_ADDR is "9090", expected <address>:<port>, like 0.0.0.0:9090 or :9090'],
    [{ LISTEN_ADDR: ':70000' }, 'LISTEN_ADDR is ":70000", expected <address>:<port>, like 0.0.0.0:9090 or :9090'],
    [
      { UPSTREAM_URIS: 'http://:x' },
      'UPSTREAM_URIS has "http://:x", expected URIs like http://127.0.0.1:9091 or grpc://127.0.0.1:9091, separated by commas',
    ],
    [
      { UPSTREAM_URIS: 'http://a', MESH_ORIGINAL_UPSTREAM_URIS: 'http://a,http://b' },
      'MESH_ORIGINAL_UPSTREAM_URIS has 2 URIs, expected 1, as many as UPSTREAM_URIS',
    ],
  ])('refuses %j', (env, error) => expect(readConfig(env)).toEqual({ ok: false, errors: [error] }));

  it('names every wrong variable', () => {
    expect(readConfig({ ERROR_RATE: 'x', RATE_LIMIT: '-1', MESSAGE: '{oops' })).toMatchObject({
      ok: false,
      errors: [
        expect.stringMatching(/^MESSAGE starts with "{", so it must be JSON, but: /),
        expect.stringMatching('ERROR_RATE'),
        expect.stringMatching('RATE_LIMIT'),
      ],
    });
  });

  it.each<[Record<string, string>, string[]]>([
    [{ TRACING_ZIPKIN: 'http://jaeger:9411', METRICS_DATADOG_HOST: 'statsd', SERVER_TYPE: 'grpc' }, []],
    [
      { TRACING_DATADOG_HOST: 'agent' },
      ['TRACING_DATADOG_HOST: traces are not sent to Datadog; set TRACING_ZIPKIN to the URL of a Zipkin or Jaeger collector for traces'],
    ],
    [{ TLS_CERT_LOCATION: '/c' }, ['TLS_KEY_LOCATION is not set: without both TLS_CERT_LOCATION and TLS_KEY_LOCATION there is no TLS']],
    [{ TLS_CERT_LOCATION: '/c', TLS_KEY_LOCATION: '/k' }, []],
    [{ TLS_CERT_LOCATION: '/c', MESH_IMAGE_TAG: 'v0.9.0' }, []],
    [{ NO_SUCH_VARIABLE: 'x' }, []],
  ])('warns of %j', (env, warnings) => expect(valid(env).warnings).toEqual(warnings));
});
