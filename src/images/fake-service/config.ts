import { type Environment, EnvironmentReader } from './environment.ts';
import type { FaultConfig } from './faults.ts';
import type { LoadConfig } from './load.ts';
import { LOG_LEVELS, type LogFormat } from './log-format.ts';
import { messageBody } from './message.ts';
import type { MetricsConfig } from './metrics.ts';
import type { Timing } from './timing.ts';
import { readUpstreams, type Upstream } from './upstream-uri.ts';
import { type Behaviour, behaviourOf } from './version.ts';
import { warningsOf } from './warnings.ts';

/** Everything that one instance does. Times in milliseconds. */
export interface FakeServiceConfig {
  readonly name: string;
  /** MESSAGE as JSON text. */
  readonly body: string;
  readonly behaviour: Behaviour;
  readonly listen: { readonly host: string; readonly port: number };
  readonly protocols: 'http' | 'grpc' | 'both';
  /** Files in PEM. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  /** Where the page is, `/ui/`. */
  readonly uiPath: string;
  /** What `ip_addresses` shows; undefined: the addresses of this machine. */
  readonly virtualAddress: string | undefined;
  readonly upstreams: readonly Upstream[];
  /** Calls at a time, for one request. */
  readonly upstreamWorkers: number;
  readonly upstreamBody: UpstreamBody;
  readonly client: ClientConfig;
  readonly server: ServerConfig;
  readonly timing: Timing;
  readonly faults: FaultConfig;
  /** Undefined: none. */
  readonly load: LoadConfig | undefined;
  readonly healthCode: number;
  readonly ready: ReadyConfig;
  readonly cors: CorsConfig;
  readonly log: { readonly format: LogFormat; readonly level: (typeof LOG_LEVELS)[number]; readonly output: string };
  /** The collector's URL; any other text sends spans to the log. Undefined: no traces. */
  readonly zipkin: string | undefined;
  readonly metrics: MetricsConfig | undefined;
  readonly randomSeed: number | undefined;
}

/** A text, or `size` random bytes more or less; with either, calls are POST. */
export interface UpstreamBody {
  readonly text: string;
  readonly size: number;
  readonly variancePercent: number;
}

export interface ClientConfig {
  readonly keepAlive: boolean;
  /** Upstream calls repeat path and headers of the request. */
  readonly appendRequest: boolean;
  readonly timeoutMs: number;
  readonly allowInsecure: boolean;
}

/** 0: no limit. */
export interface ServerConfig {
  readonly keepAlive: boolean;
  readonly readTimeoutMs: number;
  readonly readHeaderTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

export interface ReadyConfig {
  readonly successCode: number;
  readonly failureCode: number;
  readonly delayMs: number;
  /** Requests get 503 until then. */
  readonly gatesRequests: boolean;
}

export interface CorsConfig {
  readonly origins: readonly string[];
  readonly headers: string;
  readonly credentials: boolean;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: FakeServiceConfig; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly errors: readonly string[] };

/**
 * Reads the original's environment variables, and three of our own: MESH_IMAGE_TAG selects the release to behave as,
 * MESH_VIRTUAL_ADDRESS is the address to show, MESH_ORIGINAL_UPSTREAM_URIS are the URIs to show where UPSTREAM_URIS were
 * rewritten to what can be dialled. Variables that the release doesn't know are ignored.
 */
export function readConfig(env: Environment): ConfigResult {
  const read = new EnvironmentReader(env);
  const behaviour = behaviourOf(read.optional('MESH_IMAGE_TAG'));
  const message = messageBody(read.text('MESSAGE', 'Hello World'), behaviour);
  if (message.error !== undefined) read.errors.push(message.error);
  const config: FakeServiceConfig = {
    name: read.text('NAME', 'Service'),
    body: message.body,
    behaviour,
    listen: readListen(read),
    protocols: behaviour.serverType ? read.choice('SERVER_TYPE', 'http', ['http', 'grpc']) : 'both',
    tls: behaviour.tls ? readTls(read) : undefined,
    uiPath: behaviour.uiPath ? readUiPath(read) : DEFAULT_UI_PATH,
    virtualAddress: read.optional('MESH_VIRTUAL_ADDRESS'),
    upstreams: readUpstreams(read),
    upstreamWorkers: read.integer('UPSTREAM_WORKERS', 1, 1),
    upstreamBody: behaviour.upstreamBodies ? readUpstreamBody(read) : { text: '', size: 0, variancePercent: 0 },
    client: {
      keepAlive: read.boolean('HTTP_CLIENT_KEEP_ALIVES', false),
      appendRequest: read.boolean('HTTP_CLIENT_APPEND_REQUEST', true),
      timeoutMs: read.durationMs('HTTP_CLIENT_REQUEST_TIMEOUT', 30_000),
      allowInsecure: behaviour.insecureUpstreams && read.boolean('UPSTREAM_ALLOW_INSECURE', false),
    },
    server: behaviour.serverTimeouts ? readServer(read) : { ...NO_LIMITS, keepAlive: true },
    timing: {
      p50Ns: read.durationNs('TIMING_50_PERCENTILE', 0),
      p90Ns: read.durationNs('TIMING_90_PERCENTILE', 0),
      p99Ns: read.durationNs('TIMING_99_PERCENTILE', 0),
      variancePercent: read.integer('TIMING_VARIANCE', 0, 0),
    },
    faults: {
      errorRate: read.number('ERROR_RATE', 0, 0, 1),
      errorType: read.text('ERROR_TYPE', 'http_error'),
      errorCode: read.anyStatus('ERROR_CODE', 500),
      errorDelayMs: read.durationMs('ERROR_DELAY', 0),
      rateLimit: read.number('RATE_LIMIT', 0, 0),
      rateLimitCode: read.anyStatus('RATE_LIMIT_CODE', 503),
    },
    load: readLoad(read, behaviour),
    healthCode: behaviour.readiness ? read.statusCode('HEALTH_CHECK_RESPONSE_CODE', 200) : 200,
    ready: {
      successCode: read.statusCode('READY_CHECK_RESPONSE_SUCCESS_CODE', 200),
      failureCode: read.statusCode('READY_CHECK_RESPONSE_FAILURE_CODE', 503),
      delayMs: read.durationMs('READY_CHECK_RESPONSE_DELAY', 0),
      gatesRequests: behaviour.readiness && read.boolean('READY_CHECK_ROOT_PATH_WAIT_TILL_READY', false),
    },
    cors: {
      origins: read.list('ALLOWED_ORIGINS', '*'),
      headers: read.text('ALLOWED_HEADERS', 'Accept,Accept-Language,Content-Language,Origin,Content-Type'),
      credentials: read.boolean('ALLOW_CREDENTIALS', false),
    },
    log: {
      format: read.choice<LogFormat>('LOG_FORMAT', 'text', ['text', 'json']),
      level: read.choice('LOG_LEVEL', 'info', LOG_LEVELS),
      output: read.text('LOG_OUTPUT', 'stdout'),
    },
    zipkin: read.optional('TRACING_ZIPKIN'),
    metrics: readMetrics(read, behaviour),
    randomSeed: behaviour.upstreamBodies && env['RAND_SEED'] ? read.integer('RAND_SEED', 0, Number.MIN_SAFE_INTEGER) : undefined,
  };
  if (read.errors.length > 0) return { ok: false, errors: read.errors };
  return { ok: true, config, warnings: warningsOf(read, behaviour) };
}

const DEFAULT_UI_PATH = '/ui/';
const NO_LIMITS = { readTimeoutMs: 0, readHeaderTimeoutMs: 0, writeTimeoutMs: 0, idleTimeoutMs: 0 };

function readServer(read: EnvironmentReader): ServerConfig {
  return {
    keepAlive: read.boolean('HTTP_SERVER_KEEP_ALIVES', false),
    readTimeoutMs: read.durationMs('HTTP_SERVER_READ_TIMEOUT', 5_000),
    readHeaderTimeoutMs: read.durationMs('HTTP_SERVER_READHEADER_TIMEOUT', 0),
    writeTimeoutMs: read.durationMs('HTTP_SERVER_WRITE_TIMEOUT', 10_000),
    idleTimeoutMs: read.durationMs('HTTP_SERVER_IDLE_TIMEOUT', 30_000),
  };
}

/** `10.5.0.110:9090`, `:3306`, `[::1]:9090` */
function readListen(read: EnvironmentReader): FakeServiceConfig['listen'] {
  const text = read.text('LISTEN_ADDR', '0.0.0.0:9090');
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match && port <= 65_535) return { host: match[1] ?? (match[2] || '0.0.0.0'), port };
  read.errors.push(`LISTEN_ADDR is ${JSON.stringify(text)}, expected <address>:<port>, like 0.0.0.0:9090 or :9090`);
  return { host: '0.0.0.0', port: 0 };
}

/** Both files, or no TLS. */
function readTls(read: EnvironmentReader): FakeServiceConfig['tls'] {
  const certificate = read.optional('TLS_CERT_LOCATION');
  const key = read.optional('TLS_KEY_LOCATION');
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

function readUiPath(read: EnvironmentReader): string {
  const path = read.text('UI_PATH', DEFAULT_UI_PATH);
  if (/^\/[^?#]*[^/?#]\/?$/.test(path)) return path.endsWith('/') ? path : `${path}/`;
  read.errors.push(`UI_PATH is ${JSON.stringify(path)}, expected a path below /, like ${DEFAULT_UI_PATH}`);
  return DEFAULT_UI_PATH;
}

function readUpstreamBody(read: EnvironmentReader): UpstreamBody {
  return {
    text: read.text('UPSTREAM_REQUEST_BODY', ''),
    size: read.integer('UPSTREAM_REQUEST_SIZE', 0, 0),
    variancePercent: read.integer('UPSTREAM_REQUEST_VARIANCE', 0, 0),
  };
}

function readLoad(read: EnvironmentReader, behaviour: Behaviour): LoadConfig | undefined {
  const later = behaviour.memoryLoad;
  const cores = read.integer('LOAD_CPU_CORES', -1, -1, 1024);
  const load: LoadConfig = {
    cores: cores === -1 ? undefined : cores,
    cpuPercent: read.number('LOAD_CPU_PERCENTAGE', 0, 0, 100),
    allocatedMhz: later ? read.number('LOAD_CPU_ALLOCATED', 0, 0) : 0,
    clockMhz: later ? read.number('LOAD_CPU_CLOCK_SPEED', 1000, 1) : 1000,
    memoryBytes: later ? read.integer('LOAD_MEMORY_PER_REQUEST', 0, 0, 2 ** 32) : 0,
    memoryVariancePercent: later ? read.integer('LOAD_MEMORY_VARIANCE', 0, 0, 100) : 0,
  };
  return load.cpuPercent > 0 || load.memoryBytes > 0 ? load : undefined;
}

function readMetrics(read: EnvironmentReader, behaviour: Behaviour): MetricsConfig | undefined {
  const environment = read.text('METRICS_DATADOG_ENVIRONMENT', 'production');
  if (behaviour.datadogHostAndPort) {
    const host = read.optional('METRICS_DATADOG_HOST');
    return host === undefined ? undefined : { host, port: read.integer('METRICS_DATADOG_PORT', 8125, 1, 65_535), environment };
  }
  const address = read.optional('METRICS_DATADOG');
  if (address === undefined) return undefined;
  const match = /^([^:]+):(\d{1,5})$/.exec(address);
  if (match) return { host: match[1]!, port: Number(match[2]), environment };
  read.errors.push(`METRICS_DATADOG is ${JSON.stringify(address)}, expected <host>:<port>, like localhost:8125`);
  return undefined;
}
