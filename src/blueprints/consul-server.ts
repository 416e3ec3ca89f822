import { errorAt } from '../base/diagnostic.ts';
import type { ServiceDefinition } from '../base/registration.ts';
import type { Mount } from '../base/workload.ts';
import type { EntryBase } from '../entries/kind.ts';
import { readAgentFiles } from './agent-files.ts';
import { mountedFiles } from './mounted-files.ts';
import type { LowerContext } from './resource-type.ts';

/** A container that runs `consul agent` as a server: what the datacenter is. */
export interface ConsulServer {
  readonly datacenter: string;
  readonly node: string;
  readonly httpPort: number;
  readonly entries: readonly EntryBase[];
}

/** Flags of `consul agent` that take a value; the others stand alone. */
const WITH_VALUE = new Set(
  'advertise advertise-wan alt-domain bind bootstrap-expect check_output_max_size client config-dir config-file config-format data-dir datacenter default-query-time dns-port domain encrypt grpc-port grpc-tls-port hcl http-port https-port join join-wan log-file log-level log-rotate-bytes log-rotate-duration log-rotate-max-files max-query-time node node-id node-meta pid-file primary-gateway protocol raft-protocol recursor retry-interval retry-interval-wan retry-join retry-join-wan retry-max retry-max-wan segment serf-lan-allowed-cidrs serf-lan-bind serf-lan-port serf-wan-allowed-cidrs serf-wan-bind serf-wan-port server-port ui-content-path ui-dir'.split(
    ' ',
  ),
);
const ALONE = new Set(
  'bootstrap dev disable-host-node-id disable-keyring-file enable-local-script-checks enable-script-checks non-voting-server read-replica rejoin server syslog ui log-json'.split(
    ' ',
  ),
);

/** Whether a command line is that of an agent: `consul agent …`, or `agent …` as Consul's image takes it. */
export function isAgentCommand(words: readonly string[]): boolean {
  return agentArguments(words) !== undefined;
}

function agentArguments(words: readonly string[]): readonly string[] | undefined {
  const start = words[0] === 'consul' || words[0]?.endsWith('/consul') || words[0]?.endsWith('docker-entrypoint.sh') ? 1 : 0;
  return words[start] === 'agent' ? words.slice(start + 1) : undefined;
}

export interface ConsulAgent {
  /** Absent: it is a client, which has nothing to serve here. */
  readonly server?: ConsulServer;
  readonly services: readonly ServiceDefinition[];
  readonly datacenter?: string;
}

/** What the command line and the files it names say. */
export async function lowerConsulAgent(words: readonly string[], mounts: readonly Mount[], context: LowerContext): Promise<ConsulAgent> {
  const flags = parseFlags(agentArguments(words) ?? [], context);
  for (const path of flags.get('config-file') ?? []) {
    if ((await mountedFiles(path, mounts, context)).length > 0) continue;
    const detail = `volumes are at: ${mounts.map((mount) => mount.destination).join(', ') || 'nowhere'}`;
    context.report(errorAt(context.at('command'), `no volume of ${context.name} has ${path}, which its command names`, { detail }));
  }
  // The image's own folder counts too.
  const paths = new Set(['/consul/config', ...(flags.get('config-dir') ?? []), ...(flags.get('config-file') ?? [])]);
  const config = await readAgentFiles([...paths], mounts, context);
  const datacenter = (flags.get('datacenter')?.[0] ?? config.datacenter)?.toLowerCase();
  const { services } = config;
  const isServer = flags.has('server') ? flags.get('server')?.[0] !== 'false' : (config.server ?? flags.has('dev'));
  if (!isServer) return { services, ...(datacenter === undefined ? {} : { datacenter }) };
  const httpPort = Number(flags.get('http-port')?.[0] ?? config.httpPort ?? CONSUL_HTTP_PORT);
  const server = {
    datacenter: datacenter ?? 'dc1',
    node: flags.get('node')?.[0] ?? config.nodeName ?? context.name,
    httpPort: httpPort > 0 ? httpPort : CONSUL_HTTP_PORT,
    entries: config.entries,
  };
  return { server, services, datacenter: server.datacenter };
}

const CONSUL_HTTP_PORT = 8500;

function parseFlags(words: readonly string[], context: LowerContext): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  for (let i = 0; i < words.length; i++) {
    const [, name = '', value] = /^--?([^=]+)(?:=(.*))?$/s.exec(words[i]!) ?? [];
    if (!WITH_VALUE.has(name) && !ALONE.has(name)) {
      const what = name === '' ? `"${words[i]}" can't stand` : `flag -${name} is not known`;
      context.report(errorAt(context.at('command'), `${what} in the command of a Consul agent`));
      continue;
    }
    const given = value ?? (WITH_VALUE.has(name) ? (words[++i] ?? '') : 'true');
    flags.set(name, [...(flags.get(name) ?? []), given]);
  }
  return flags;
}
