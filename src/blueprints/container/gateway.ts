import { errorAt, warningAt } from '../../base/diagnostic.ts';
import type { GatewayKind } from '../../base/gateway-kind.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import type { EntryBase } from '../../entries/kind.ts';
import type { CommandBlock } from '../agent-command.ts';
import { type ConnectEnvoy, connectEnvoy, gatewayOf } from '../connect-envoy.ts';
import type { LowerContext } from '../resource-type.ts';
import type { Registrations } from './registrations.ts';

/** Whether a command runs a gateway, of which kind ever. */
export const isGatewayCommand = (block: Pick<CommandBlock, 'entrypoint' | 'command'>): boolean =>
  gatewayOf(connectEnvoy(block)) !== undefined;

/** All services of a block whose command is `consul connect envoy -gateway=…`: those of its files, and the gateway that it registers. */
export function withGateway(
  block: Pick<CommandBlock, 'entrypoint' | 'command'>,
  services: readonly ServiceDefinition[],
  context: LowerContext,
): readonly ServiceDefinition[] {
  const envoy = connectEnvoy(block);
  const kind = gatewayOf(envoy);
  if (!envoy || kind === undefined) return services;
  const at = context.at(block.command ? 'command' : 'entrypoint');
  if (kind === 'mesh-gateway') {
    const detail = 'sidecars reach every datacenter of an agent directly';
    context.report(warningAt(at, `${context.name} is a mesh gateway, for which nothing runs here`, { detail }));
    return services;
  }
  if (kind === 'unknown') {
    const detail = 'expected one of: ingress, terminating, api';
    context.report(errorAt(at, `-gateway ${JSON.stringify(envoy.flag('gateway'))} is no kind of gateway`, { detail }));
    return services;
  }
  if (!envoy.has('register')) {
    const id = envoy.flag('proxy-id');
    if (services.some((one) => one.gateway?.kind === kind && (id === undefined || one.id === id))) return services;
    const summary = id === undefined ? `no ${kind} is registered by ${context.name}` : `no ${kind} of ${context.name} has the id ${id}`;
    const hint = 'add "-register", or name the file that defines it in SERVICE_CONFIG';
    context.report(errorAt(at, summary, { hint }));
    return services;
  }
  const address = envoy.flag('address');
  const port = portOf(address, kind);
  if (port === undefined) {
    context.report(errorAt(at, `-address ${JSON.stringify(address)} has no port`, { hint: 'write it as "-address=10.5.0.10:8443"' }));
    return services;
  }
  const gateway = definition(envoy, kind, port);
  return [...services.filter(({ id }) => id !== gateway.id), gateway];
}

/** Consul's, for a terminating gateway; others have those of their listeners. */
const DEFAULT_PORT = 8443;

function portOf(address: string | undefined, kind: GatewayKind): number | undefined {
  if (address === undefined || address === '') return kind === 'terminating-gateway' ? DEFAULT_PORT : 0;
  const port = Number(/:(\d+)$/.exec(address)?.[1]);
  return port <= 65535 ? port : undefined;
}

function definition(envoy: ConnectEnvoy, kind: GatewayKind, port: number): ServiceDefinition {
  const name = envoy.flag('service') || kind;
  return { name, id: envoy.flag('proxy-id') || name, port, address: '', tags: [], meta: {}, checks: [], gateway: { kind, config: {} } };
}

/** Where gateways listen as soon as they are there: the ports of registrations, and those of entries that come with them. */
export function gatewayPorts({ services, entries = [] }: Pick<Registrations, 'services' | 'entries'>): number[] {
  return services.flatMap(({ name, port, gateway }) => {
    if (!gateway) return [];
    const entry = entries.find((one) => one.Kind === gateway.kind && one.Name === name);
    return [port, ...((entry as WithListeners | undefined)?.Listeners ?? []).map((listener) => listener.Port)].filter((one) => one > 0);
  });
}

type WithListeners = EntryBase & { readonly Listeners?: readonly { readonly Port: number }[] };
