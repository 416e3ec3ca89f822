import { hasErrors, warningAt } from '../../base/diagnostic.ts';
import { type Json, toJson } from '../../schema/located.ts';
import { readAgentConfig } from '../agent-files.ts';
import { clientOf } from '../consul-server.ts';
import { joinedDatacenter } from '../datacenter.ts';
import type { LowerContext } from '../resource-type.ts';
import { ALLOCATIONS, type NomadClusterSpec } from './spec.ts';

export interface NomadCluster {
  readonly client_nodes?: number;
  readonly datacenter?: string;
  readonly env?: readonly { readonly key: string; readonly value: string }[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly server_config?: string;
  readonly client_config?: string;
  readonly consul_config?: string;
  readonly port?: unknown;
  readonly port_range?: unknown;
  readonly open_in_browser?: string;
}

/** What is left of a cluster when its jobs are interpreted: where their services are registered. */
export async function lowerCluster(config: NomadCluster, context: LowerContext): Promise<NomadClusterSpec> {
  for (const field of ['port', 'port_range', 'open_in_browser'] as const) {
    if (config[field] === undefined || config[field] === '') continue;
    const summary = `"${field}" of a cluster has no effect: no Nomad runs that would listen`;
    const hint = 'a nomad_ingress leads from a port of this machine to a job';
    context.report(warningAt(context.at(field), summary, { hint }));
  }
  const server = await agentFile('server_config', config, context);
  const client = await agentFile('client_config', config, context);
  const datacenter = await consulDatacenter(config, textIn(client, 'consul', 'address') ?? textIn(server, 'consul', 'address'), context);
  return {
    podSubnet: ALLOCATIONS,
    serviceSubnet: ALLOCATIONS,
    ...(datacenter === undefined ? {} : { datacenter }),
    nomadDatacenter: config.datacenter ?? textIn(client, 'datacenter') ?? textIn(server, 'datacenter') ?? 'dc1',
    // Without clients of its own the server runs the jobs, too.
    clients: Math.max(1, config.client_nodes ?? 0),
  };
}

/**
 * Nomad registers with the Consul agent beside it: that of `consul_config`, of the address in its own configuration, of the
 * environment, or the only server that there is.
 */
async function consulDatacenter(config: NomadCluster, address: string | undefined, context: LowerContext): Promise<string | undefined> {
  if (config.consul_config !== undefined) {
    const path = context.resolvePath(config.consul_config);
    if (await context.read(path, context.at('consul_config'))) {
      const mount = { destination: AGENT_FILE, source: { path }, readOnly: true };
      const agent = await readAgentConfig({ paths: [AGENT_FILE] }, [mount], context);
      const joined = clientOf(agent.joins.map(withoutPort), agent.datacenter?.toLowerCase(), context).datacenter;
      if (joined !== undefined) return joined;
    }
  }
  const env: Record<string, string> = {
    ...config.environment,
    ...Object.fromEntries((config.env ?? []).map(({ key, value }) => [key, value])),
  };
  const place = (name: string) => {
    const index = (config.env ?? []).findIndex(({ key }) => key === name);
    return index === -1 ? context.at('environment') : context.at(`env[${index}].value`);
  };
  return joinedDatacenter({ ...(address === undefined ? {} : { CONSUL_SERVER: address }), ...env }, place, context);
}

const AGENT_FILE = '/etc/consul.d/config.hcl';
const withoutPort = (host: string): string => host.replace(/:\d+$/, '');

/** A configuration of Nomad's own agent; undefined when there is none. */
async function agentFile(field: 'server_config' | 'client_config', config: NomadCluster, context: LowerContext): Promise<Json | undefined> {
  const path = config[field];
  if (path === undefined || path === '') return undefined;
  const source = await context.read(context.resolvePath(path), context.at(field));
  if (!source) return undefined;
  const { decodeConsulText } = await import('../../hcl/hcl1/index.ts');
  const { value, diagnostics } = decodeConsulText(source);
  for (const diagnostic of diagnostics) context.report(diagnostic);
  return hasErrors(diagnostics) ? undefined : toJson(value);
}

/** A text of a file in HCL 1, in which blocks are lists. */
function textIn(value: Json | undefined, ...path: readonly string[]): string | undefined {
  let found: Json | undefined = value;
  for (const step of path) {
    if (Array.isArray(found)) found = found[0];
    found = typeof found === 'object' && found !== null && !Array.isArray(found) ? found[step] : undefined;
  }
  return typeof found === 'string' && found !== '' ? found : undefined;
}
