import { errorAt, warningAt } from '../base/diagnostic.ts';
import type { ServiceDefinition } from '../base/registration.ts';
import type { Mount } from '../base/workload.ts';
import type { AgentConfig } from '../entries/agent-config.ts';
import { isDatacenterName } from '../entries/datacenter-name.ts';
import type { EntryBase } from '../entries/kind.ts';
import { type AgentCommand, type AgentFlags, agentCommand, type CommandBlock, lastOf, parseAgentFlags } from './agent-command.ts';
import { readAgentConfig } from './agent-files.ts';
import { consulServers, IMPLICIT_DATACENTER, type Named } from './datacenter.ts';
import { checkMounted } from './mounted-files.ts';
import type { LowerContext } from './resource-type.ts';

/** A container that runs `consul agent` as a server: what the datacenter is. */
export interface ConsulServer {
  readonly datacenter: string;
  readonly node: string;
  readonly httpPort: number;
  readonly entries: readonly EntryBase[];
  /** Hosts of the servers that it joins. */
  readonly joins: readonly string[];
  /** Keys of other servers that are the same datacenter. */
  readonly beside: readonly string[];
}

export interface ConsulAgent {
  /** Absent: it is a client, which has nothing to serve here. */
  readonly server?: ConsulServer;
  readonly services: readonly ServiceDefinition[];
  readonly datacenter?: string;
}

interface Surroundings extends Named {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

/** What the command line says, and the files and texts that it names. Undefined for a container that runs something else. */
export async function lowerConsulAgent(
  block: CommandBlock,
  { env, mounts, names }: Surroundings,
  context: LowerContext,
): Promise<ConsulAgent | undefined> {
  const line = agentCommand(block, (path) => context.at(path));
  if (!line) return undefined;
  const flags = parseAgentFlags(line.words, context);
  const config = await configOf(line, flags, { env, mounts }, context);
  // What it would be is not known.
  if (!config) return { services: [] };
  const { services } = config;
  const datacenter = (lastOf(flags, 'datacenter') ?? config.datacenter)?.toLowerCase();
  const named = ['retry-join', 'join'].flatMap((name) => flags.get(name) ?? []).map(({ text }) => text);
  const joins = [...named, ...config.joins].map((host) => host.replace(/:\d+$/, ''));
  const isServer = flags.has('server') ? lastOf(flags, 'server') !== 'false' : (config.server ?? flags.has('dev'));
  if (!isServer) {
    const detail = 'services of its files are registered; its API is that of the server';
    context.report(warningAt(context.header, `${context.name} is a Consul client, for which nothing runs here`, { detail }));
    return { services, ...clientOf(joins, datacenter, context) };
  }
  checkFlags(flags, context);
  const httpPort = Number(lastOf(flags, 'http-port') ?? config.httpPort);
  const server = {
    datacenter: datacenter ?? IMPLICIT_DATACENTER,
    node: lastOf(flags, 'node') ?? config.nodeName ?? context.name,
    httpPort: httpPort > 0 ? httpPort : CONSUL_HTTP_PORT,
    entries: config.entries,
    joins,
  };
  const primary = config.primaryDatacenter ?? server.datacenter;
  if (primary !== server.datacenter) {
    const detail = `write config entries and intentions for ${server.datacenter} there: mesh config write -datacenter ${server.datacenter}`;
    context.report(warningAt(context.header, `${context.name} takes over nothing from its primary datacenter ${primary}`, { detail }));
  }
  return { server: { ...server, beside: besideOf(server, names, context) }, services, datacenter: server.datacenter };
}

const IMAGE_FOLDER = '/consul/config';
const CONSUL_HTTP_PORT = 8500;

/** The values that end up in names and addresses; of files they are checked where they are read. */
function checkFlags(flags: AgentFlags, context: LowerContext): void {
  for (const { text, at } of flags.get('datacenter') ?? []) {
    if (!isDatacenterName(text.toLowerCase()))
      context.report(errorAt(at, `datacenter cannot be ${JSON.stringify(text)}. Please use only [a-z0-9-_]`));
  }
  for (const { text, at } of flags.get('http-port') ?? []) {
    if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 65535)
      context.report(errorAt(at, `-http-port is not a port: ${JSON.stringify(text)}`, { detail: 'expected a number from 1 to 65535' }));
  }
}

/** Later ones are stronger: the image's folder, files and folders in their order, texts. Undefined when one is missing. */
async function configOf(
  { throughImage }: AgentCommand,
  flags: AgentFlags,
  { env, mounts }: Pick<Surroundings, 'env' | 'mounts'>,
  context: LowerContext,
): Promise<AgentConfig | undefined> {
  const named = ['config-file', 'config-dir'].flatMap((name) => flags.get(name) ?? []);
  let complete = true;
  for (const { text: path, at } of named) {
    const summary = `no volume of ${context.name} has ${path}, which its command names`;
    if (path !== IMAGE_FOLDER && !(await checkMounted(path, { at, summary }, mounts, context))) complete = false;
  }
  const local = throughImage ? env['CONSUL_LOCAL_CONFIG'] : undefined;
  const paths = [...(throughImage ? [IMAGE_FOLDER] : []), ...named.map(({ text }) => text)];
  const texts = [
    ...(local === undefined ? [] : [{ name: `CONSUL_LOCAL_CONFIG of ${context.name}`, text: local }]),
    ...(flags.get('hcl') ?? []).map(({ text }) => ({ name: `-hcl of ${context.name}`, text })),
  ];
  const config = await readAgentConfig({ paths, texts }, mounts, context);
  return complete ? config : undefined;
}

/** A client is in the datacenter of the server that it joins. */
export function clientOf(joins: readonly string[], datacenter: string | undefined, context: LowerContext): { datacenter?: string } {
  const servers = consulServers(context);
  const server =
    servers.find(({ names }) => joins.some((host) => names.includes(host))) ?? servers.find((one) => one.datacenter === datacenter);
  if (server) context.dependOn(server.key);
  const name = datacenter ?? server?.datacenter;
  return name === undefined ? {} : { datacenter: name };
}

/** Servers that join each other are one datacenter; two that don't and have one name can't both be it. */
function besideOf(
  { datacenter, joins }: Pick<ConsulServer, 'datacenter' | 'joins'>,
  own: readonly string[],
  context: LowerContext,
): string[] {
  const others = consulServers(context).filter((other) => other.datacenter === datacenter && other.key !== `container.${context.name}`);
  const joined = others.filter(
    (other) => other.names.some((name) => joins.includes(name)) || other.joins.some((host) => own.includes(host)),
  );
  if (others[0] && joined.length === 0) {
    const hint = `give it another \`datacenter\`, or let it join that one: retry_join = ["${others[0].names.find((name) => name.includes('.'))}"]`;
    context.report(
      errorAt(context.header, `${others[0].key} is datacenter ${datacenter} already, and container.${context.name} does not join it`, {
        hint,
      }),
    );
  }
  for (const { key } of joined) context.dependOn(key);
  return others.map(({ key }) => key);
}
