import { readFile } from 'node:fs/promises';
import type { AgentSettings, Endpoint } from '../../agent-config/settings.ts';
import { MeshError, messageOf, systemCode } from '../../base/errors.ts';
import { hostPort } from '../../base/host-port.ts';
import type { HttpListener } from '../../control/http/server.ts';
import type { HttpSettings, ListenAt } from '../../control/http/settings.ts';
import type { ControlPlane } from '../../control/plane.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import type { Home } from '../home.ts';
import { readTls } from './tls-files.ts';

/** Where the HTTP API of the agent listens; of several places, the first. */
export interface Bound {
  readonly host: string;
  readonly port: number;
  /** As other commands find it: `127.0.0.1:8500`, `https://127.0.0.1:8501`, `unix:///run/consul.sock`. */
  readonly address: string;
  /** The port had to move from the one asked for. */
  readonly movedFrom: number | undefined;
  /** Those that speak TLS, whose certificates may be renewed. */
  readonly secure: readonly HttpListener[];
  readonly all: readonly HttpListener[];
}

export interface ListenOptions {
  readonly home: Home;
  /** 0: any free port. Undefined: that of the settings, the one that the last agent of this home had, or Consul's 8500. */
  readonly httpPort: number | undefined;
  /** `auto`: a taken port moves to a free one. */
  readonly ports: 'fixed' | 'auto';
  readonly settings?: AgentSettings | undefined;
  /** What paths in the settings begin at. */
  readonly cwd: string;
}

const LOOPBACK = '127.0.0.1';
const CONSUL_HTTP_PORT = 8500;

/** Opens the HTTP API everywhere it is to be. */
export async function openListeners(control: ControlPlane, options: ListenOptions): Promise<Bound> {
  const { settings, cwd } = options;
  const [first, ...others] = settings ? settings.http : [{ host: LOOPBACK, port: CONSUL_HTTP_PORT }];
  const as = settings ? { settings: httpSettings(settings) } : {};
  const all: HttpListener[] = [];
  const open = async (at: ListenAt): Promise<HttpListener> => {
    const listener = await control.listenHttp({ ...at, ...as });
    all.push(listener);
    return listener;
  };
  const plain = first && (await bindFirst(await withLastPort(first, options), options, open));
  for (const other of others)
    await bind(plain && 'port' in other && !settings?.httpPortGiven ? { ...other, port: plain.port } : other, open);
  const tls = settings && settings.https.length > 0 ? await readTls(settings.tls.https, cwd) : undefined;
  const secure: HttpListener[] = [];
  if (tls) for (const endpoint of settings?.https ?? []) secure.push(await bind(endpoint, (at) => open({ ...at, tls })));
  if (plain) return { ...plain, secure, all };
  const [only] = secure;
  if (!only) throw new MeshError('usage', 'the HTTP API is nowhere', { hint: 'give -http-port or -https-port' });
  return { host: only.host, port: only.port, address: `https://${addressOf(only)}`, movedFrom: undefined, secure, all };
}

/** Reads the certificates again, for connections to come. Rejects, and changes nothing, when they are wrong. */
export async function renewTls(listeners: readonly HttpListener[], settings: AgentSettings, cwd: string): Promise<void> {
  if (listeners.length === 0) return;
  const tls = await readTls(settings.tls.https, cwd);
  for (const listener of listeners) listener.setTls(tls);
}

/** Scripts keep an address: without a port of its own, an agent listens where the last one of its home did. */
async function withLastPort(endpoint: Endpoint, { home, httpPort, settings }: ListenOptions): Promise<Endpoint> {
  if (!('port' in endpoint) || settings?.httpPortGiven) return endpoint;
  return { ...endpoint, port: httpPort ?? (await lastHttpPort(home)) ?? endpoint.port };
}

async function lastHttpPort(home: Home): Promise<number | undefined> {
  const text = await readFile(home.httpPortPath, 'utf8').catch(() => '');
  return /^\d+\n$/.test(text) ? Number(text) : undefined;
}

type Open = (at: ListenAt) => Promise<HttpListener>;

async function bindFirst(endpoint: Endpoint, { ports }: ListenOptions, open: Open): Promise<Omit<Bound, 'secure' | 'all'>> {
  const movable = ports === 'auto' && 'port' in endpoint;
  if (!movable) return described(await bind(endpoint, open), endpoint, undefined);
  try {
    return described(await open(endpoint), endpoint, undefined);
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error;
    return described(await open({ host: endpoint.host, port: 0 }), endpoint, endpoint.port);
  }
}

function described(listener: HttpListener, endpoint: Endpoint, movedFrom: number | undefined): Omit<Bound, 'secure' | 'all'> {
  const { host, port } = listener;
  return { host, port, movedFrom, address: 'port' in endpoint ? addressOf(listener) : `unix://${endpoint.socketPath}` };
}

/** As clients on this machine reach it. */
function addressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  const reachable = host === '0.0.0.0' || host === '::' ? LOOPBACK : host;
  return hostPort(reachable, port);
}

async function bind(endpoint: Endpoint, open: Open): Promise<HttpListener> {
  try {
    return await open('port' in endpoint ? endpoint : { path: endpoint.socketPath });
  } catch (error) {
    if (!('port' in endpoint) || systemCode(error) !== 'EADDRINUSE') throw asMeshError(error, endpoint);
    const { host, port } = endpoint;
    const holder = describeOwner(await portOwner(host, port));
    throw new MeshError('environment', `port ${port} of ${host}, where the HTTP API should listen, is held by ${holder}`, {
      hint: 'stop it, or use `--http-port 0` or `--ports auto`',
    });
  }
}

function asMeshError(error: unknown, endpoint: Endpoint): unknown {
  if (error instanceof MeshError) return error;
  const where = 'port' in endpoint ? `${endpoint.host}:${endpoint.port}` : endpoint.socketPath;
  return new MeshError('environment', `the HTTP API can't listen on ${where}: ${messageOf(error)}`);
}

/** How its listeners serve. */
export function httpSettings({ dev, httpSettings: http, limits, defaultQueryTimeMs, maxQueryTimeMs }: AgentSettings): HttpSettings {
  return {
    alwaysPretty: dev,
    headers: http.responseHeaders,
    useCache: http.useCache,
    ...(limits.httpsHandshakeTimeoutMs === undefined ? {} : { handshakeTimeoutMs: limits.httpsHandshakeTimeoutMs }),
    blockEndpoints: http.blockEndpoints,
    writesFrom: http.allowWriteFrom,
    waits: { defaultMs: defaultQueryTimeMs, maxMs: maxQueryTimeMs },
    openings: { hosts: http.allowedHosts, origins: http.allowedOrigins },
    limits: {
      // Consul: 0 is any number.
      ...(limits.httpMaxConnsPerClient ? { connectionsPerClient: limits.httpMaxConnsPerClient } : {}),
      ...(limits.kvMaxValueSize === undefined ? {} : { kvMaxValueSize: limits.kvMaxValueSize }),
      ...(limits.txnMaxReqLen === undefined ? {} : { txnMaxReqLen: limits.txnMaxReqLen }),
      ...(http.maxHeaderBytes === undefined ? {} : { headerBytes: http.maxHeaderBytes }),
      ...(http.requestsPerSecond === undefined ? {} : { requestsPerSecond: http.requestsPerSecond }),
      ...(http.blockingPerClient === undefined ? {} : { blockingPerClient: http.blockingPerClient }),
    },
  };
}
