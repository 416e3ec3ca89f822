import type { ServiceDefinition } from '../../base/registration.ts';
import type { Range } from '../../base/source.ts';
import type { Mount } from '../../base/workload.ts';
import type { EntryBase } from '../../entries/kind.ts';
import { readAgentConfig, readEntries } from '../agent-files.ts';
import { consulServers, joinedDatacenter } from '../datacenter.ts';
import { checkMounted } from '../mounted-files.ts';
import type { LowerContext } from '../resource-type.ts';

/** What the start script of an image registers and writes. */
export interface Registrations {
  readonly services: readonly ServiceDefinition[];
  /** Absent: the implicit datacenter. */
  readonly datacenter?: string;
  readonly entries?: readonly EntryBase[];
}

/** Where the sidecars of its services listen for the application. */
export const upstreamPortsOf = ({ services }: Registrations): number[] =>
  services.flatMap((service) => service.sidecar?.upstreams.map((upstream) => upstream.localPort) ?? []);

interface Block {
  readonly env?: readonly { readonly key: string }[];
  readonly env_var?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Given {
  /** Its own Consul client reads /config as well. */
  readonly vm: boolean;
  /** It runs a gateway, which takes part in a datacenter whatever its files say. */
  readonly isGateway: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

/** Reads what SERVICE_CONFIG, CENTRAL_CONFIG and CENTRAL_CONFIG_DIR name: paths of its volumes, several separated by `;`. */
export async function lowerRegistrations(
  block: Block,
  { vm, isGateway, env, mounts }: Given,
  context: LowerContext,
): Promise<Registrations> {
  const at = (name: string) => placeOfVariable(block, name, context);
  const listed = (name: string) =>
    (env[name] ?? '')
      .split(';')
      .map((path) => path.trim())
      .filter(Boolean);
  const ofAgent = vm ? (await readAgentConfig({ paths: ['/config'] }, mounts, context)).services : [];
  for (const name of ['SERVICE_CONFIG', 'CENTRAL_CONFIG', 'CENTRAL_CONFIG_DIR'] as const) {
    for (const path of listed(name)) {
      const summary = `${name} names ${path}, which no volume of ${context.name} has`;
      await checkMounted(path, { at: at(name), summary }, mounts, context);
    }
  }
  const services = [...ofAgent, ...(await readAgentConfig({ paths: listed('SERVICE_CONFIG') }, mounts, context)).services];
  const entries = await readEntries([...listed('CENTRAL_CONFIG'), ...listed('CENTRAL_CONFIG_DIR')], mounts, context);
  const joins = isGateway || services.length > 0 || entries.length > 0 || env['CONSUL_SERVER'] !== undefined;
  const datacenter = joins ? (addressedDatacenter(env, context) ?? joinedDatacenter(env, at, context)) : undefined;
  return { services, ...(datacenter === undefined ? {} : { datacenter }), ...(entries.length > 0 ? { entries } : {}) };
}

/** An image without a client speaks to a server directly: CONSUL_HTTP_ADDR. */
function addressedDatacenter(env: Readonly<Record<string, string>>, context: LowerContext): string | undefined {
  const host = env['CONSUL_HTTP_ADDR']?.replace(/^https?:\/\//, '').replace(/:\d+$/, '');
  const server = host === undefined ? undefined : consulServers(context).find((one) => one.names.includes(host));
  if (server) context.dependOn(server.key);
  return server?.datacenter;
}

/** Where the value of an environment variable stands. */
export function placeOfVariable(block: Block, name: string, context: LowerContext): Range | undefined {
  const index = (block.env ?? []).findIndex(({ key }) => key === name);
  if (index !== -1) return context.at(`env[${index}].value`);
  if (block.env_var && name in block.env_var) return context.at(`env_var.${name}`);
  return block.environment && name in block.environment ? context.at(`environment.${name}`) : context.header;
}
