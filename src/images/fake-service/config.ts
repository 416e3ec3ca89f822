import { type Environment, EnvironmentReader } from './environment.ts';
import type { FaultConfig } from './faults.ts';
import { LOG_LEVELS, type LogFormat } from './log-format.ts';
import { messageBody } from './message.ts';
import type { Timing } from './timing.ts';
import { unsupported } from './unsupported.ts';
import { type Behaviour, behaviourOf } from './version.ts';

/** Everything that one instance does. Times in milliseconds. */
export interface FakeServiceConfig {
  readonly name: string;
  /** MESSAGE as JSON text. */
  readonly body: string;
  readonly behaviour: Behaviour;
  readonly listen: { readonly host: string; readonly port: number };
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
  readonly healthCode: number;
  readonly ready: ReadyConfig;
  readonly cors: CorsConfig;
  readonly log: { readonly format: LogFormat; readonly level: (typeof LOG_LEVELS)[number]; readonly output: string };
  readonly randomSeed: number | undefined;
}

export interface Upstream {
  /** As the author wrote it: what responses show and the Host header says. */
  readonly uri: string;
  /** What is dialled; undefined for gRPC. */
  readonly target: URL | undefined;
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
  const upstreams = readUpstreams(read);
  const config: FakeServiceConfig = {
    name: read.text('NAME', 'Service'),
    body: message.body,
    behaviour,
    listen: readListen(read),
    virtualAddress: read.optional('MESH_VIRTUAL_ADDRESS'),
    upstreams,
    upstreamWorkers: read.integer('UPSTREAM_WORKERS', 1, 1),
    upstreamBody: {
      text: read.text('UPSTREAM_REQUEST_BODY', ''),
      size: read.integer('UPSTREAM_REQUEST_SIZE', 0, 0),
      variancePercent: read.integer('UPSTREAM_REQUEST_VARIANCE', 0, 0),
    },
    client: {
      keepAlive: read.boolean('HTTP_CLIENT_KEEP_ALIVES', false),
      appendRequest: read.boolean('HTTP_CLIENT_APPEND_REQUEST', true),
      timeoutMs: read.durationMs('HTTP_CLIENT_REQUEST_TIMEOUT', 30_000),
      allowInsecure: read.boolean('UPSTREAM_ALLOW_INSECURE', false),
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
      errorCode: read.statusCode('ERROR_CODE', 500),
      errorDelayMs: read.durationMs('ERROR_DELAY', 0),
      rateLimit: read.number('RATE_LIMIT', 0, 0),
      rateLimitCode: read.statusCode('RATE_LIMIT_CODE', 503),
    },
    healthCode: behaviour.readiness ? read.statusCode('HEALTH_CHECK_RESPONSE_CODE', 200) : 200,
    ready: {
      successCode: read.statusCode('READY_CHECK_RESPONSE_SUCCESS_CODE', 200),
      failureCode: read.statusCode('READY_CHECK_RESPONSE_FAILURE_CODE', 503),
      delayMs: read.durationMs('READY_CHECK_RESPONSE_DELAY', 0),
      gatesRequests: behaviour.readiness && read.boolean('READY_CHECK_ROOT_PATH_WAIT_TILL_READY', false),
    },
    cors: {
      origins: list(read.text('ALLOWED_ORIGINS', '*')),
      headers: read.text('ALLOWED_HEADERS', 'Accept,Accept-Language,Content-Language,Origin,Content-Type'),
      credentials: read.boolean('ALLOW_CREDENTIALS', false),
    },
    log: {
      format: read.choice<LogFormat>('LOG_FORMAT', 'text', ['text', 'json']),
      level: read.choice('LOG_LEVEL', 'info', LOG_LEVELS),
      output: read.text('LOG_OUTPUT', 'stdout'),
    },
    randomSeed: env['RAND_SEED'] ? read.integer('RAND_SEED', 0, Number.MIN_SAFE_INTEGER) : undefined,
  };
  if (read.errors.length > 0) return { ok: false, errors: read.errors };
  return { ok: true, config, warnings: unsupported(read, config) };
}

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

function readUpstreams(read: EnvironmentReader): Upstream[] {
  const targets = list(read.text('UPSTREAM_URIS', ''));
  const original = read.optional('MESH_ORIGINAL_UPSTREAM_URIS');
  const uris = original === undefined ? targets : list(original);
  if (uris.length !== targets.length) {
    read.errors.push(`MESH_ORIGINAL_UPSTREAM_URIS has ${uris.length} URIs, expected ${targets.length}, as many as UPSTREAM_URIS`);
    return [];
  }
  return uris.map((uri, index) => {
    const target = targets[index]!;
    if (!/^https?:\/\//.test(target)) return { uri, target: undefined };
    if (URL.canParse(target)) return { uri, target: new URL(target) };
    read.errors.push(`UPSTREAM_URIS has ${JSON.stringify(target)}, expected URIs like http://127.0.0.1:9091, separated by commas`);
    return { uri, target: undefined };
  });
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
