import { readFile } from 'node:fs/promises';
import type { AgentSettings, Endpoint } from '../../agent-config/settings.ts';
import { MeshError, systemCode } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import type { ControlPlane } from '../../control/plane.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import type { Home } from '../home.ts';

/** Where the HTTP API of the agent listens; of several places, the first. */
export interface Bound {
  readonly host: string;
  readonly port: number;
  /** The port had to move from the one asked for. */
  readonly movedFrom: number | undefined;
}

export interface ListenOptions {
  readonly home: Home;
  /** 0: any free port. Undefined: that of the settings, the one that the last agent of this home had, or Consul's 8500. */
  readonly httpPort: number | undefined;
  /** `auto`: a taken port moves to a free one. */
  readonly ports: 'fixed' | 'auto';
  readonly settings?: AgentSettings | undefined;
  readonly log: Log;
}

const LOOPBACK = '127.0.0.1';
const CONSUL_HTTP_PORT = 8500;

/** Opens the HTTP API everywhere it is to be, and DNS if there are settings for it. */
export async function openListeners(control: ControlPlane, options: ListenOptions): Promise<Bound> {
  const { settings } = options;
  const [first = { host: LOOPBACK, port: CONSUL_HTTP_PORT }, ...others] = settings?.http ?? [];
  const http = await bindFirst(control, await withLastPort(first, options), options);
  for (const endpoint of others)
    await listenHttp(control, 'port' in endpoint && !settings?.httpPortGiven ? { ...endpoint, port: http.port } : endpoint);
  if (settings) await openDns(control, settings, options.log);
  return http;
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

async function bindFirst(control: ControlPlane, endpoint: Endpoint, { ports }: ListenOptions): Promise<Bound> {
  try {
    return { ...(await control.listenHttp(tcp(endpoint))), movedFrom: undefined };
  } catch (error) {
    if (ports !== 'auto' || !('port' in endpoint) || systemCode(error) !== 'EADDRINUSE') throw await explained(error, endpoint);
    return { ...(await control.listenHttp({ host: endpoint.host, port: 0 })), movedFrom: endpoint.port };
  }
}

async function listenHttp(control: ControlPlane, endpoint: Endpoint): Promise<void> {
  try {
    await control.listenHttp(tcp(endpoint));
  } catch (error) {
    throw await explained(error, endpoint);
  }
}

function tcp(endpoint: Endpoint): { host: string; port: number } {
  if ('port' in endpoint) return endpoint;
  throw new MeshError('environment', `the HTTP API can't listen on the Unix socket ${endpoint.socketPath} in this version of mesh`);
}

async function explained(error: unknown, endpoint: Endpoint): Promise<unknown> {
  if (!('port' in endpoint) || systemCode(error) !== 'EADDRINUSE') return error;
  const { host, port } = endpoint;
  const holder = describeOwner(await portOwner(host, port));
  return new MeshError('environment', `port ${port} of ${host}, where the HTTP API should listen, is held by ${holder}`, {
    hint: 'stop it, or use `--http-port 0` or `--ports auto`',
  });
}

/** A port that nobody asked for may be taken: then there is no DNS, which the log says. */
async function openDns(control: ControlPlane, settings: AgentSettings, log: Log): Promise<void> {
  const { dnsSettings: dns } = settings;
  const config = {
    domain: dns.domain,
    altDomain: dns.altDomain,
    nodeTtl: Math.floor(dns.nodeTtlMs / 1000),
    serviceTtl: Object.fromEntries(Object.entries(dns.serviceTtlMs).map(([name, ms]) => [name, Math.floor(ms / 1000)])),
    onlyPassing: dns.onlyPassing,
    enableTruncate: dns.enableTruncate,
    udpAnswerLimit: dns.udpAnswerLimit,
    aRecordLimit: dns.aRecordLimit,
    disableCompression: dns.disableCompression,
    soa: { refresh: dns.soa.refresh, retry: dns.soa.retry, expire: dns.soa.expire, minimum: dns.soa.minTtl },
  };
  for (const endpoint of settings.dns) {
    if (!('port' in endpoint)) continue;
    const { host, port } = endpoint;
    try {
      await control.listenDns({ host, port, config, recursors: dns.recursors, recursorTimeoutMs: dns.recursorTimeoutMs });
    } catch (error) {
      if (settings.dnsPortGiven || systemCode(error) !== 'EADDRINUSE') throw await dnsTaken(error, host, port);
      log.log('warn', `DNS is not served: port ${port} of ${host} is taken`);
    }
  }
}

async function dnsTaken(error: unknown, host: string, port: number): Promise<unknown> {
  if (systemCode(error) !== 'EADDRINUSE') return error;
  const holder = describeOwner(await portOwner(host, port));
  return new MeshError('environment', `port ${port} of ${host}, where DNS should listen, is held by ${holder}`, {
    hint: 'stop it, or use another -dns-port; -1 switches DNS off',
  });
}
