import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { IngressGateway } from '../entries/gateways/ingress-gateway.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { Mesh } from '../entries/mesh.ts';
import type { ProxyDefaults } from '../entries/proxy-defaults.ts';
import type { ServiceDefaults } from '../entries/service-defaults.ts';
import type { ServiceIntentions } from '../entries/service-intentions.ts';
import type { Chain, GraphError } from './chain-model.ts';
import { isHttpLike } from './protocol.ts';

/** Rules that entries must obey together, in Consul's words. */

const OTHER_GATEWAY: Readonly<Record<string, string>> = {
  'ingress-gateway': 'terminating-gateway',
  'terminating-gateway': 'ingress-gateway',
};

/** One name is one gateway, of one kind. */
export function gatewayClash(after: Snapshot, dc: string, { Kind: kind, Name: name }: EntryBase): string | undefined {
  const other = OTHER_GATEWAY[kind];
  if (other === undefined || !entry(after, dc, other, name).value) return undefined;
  return `cannot create a "${kind}" config entry with name ${JSON.stringify(name)}, a "${other}" config entry with that name already exists`;
}

/** Plaintext from anywhere has to be allowed for the whole mesh first; what is permissive already may stay so. */
export function permissiveMode(before: Snapshot, after: Snapshot, dc: string, written: EntryBase): string | undefined {
  const mode = (given: EntryBase | undefined): string | undefined => (given as ServiceDefaults | ProxyDefaults | undefined)?.MutualTLSMode;
  const { Kind: kind, Name: name } = written;
  if ((kind !== 'service-defaults' && kind !== 'proxy-defaults') || mode(written) !== 'permissive') return undefined;
  if (mode(entry(before, dc, kind, name).value) === 'permissive') return undefined;
  const mesh = entry(after, dc, 'mesh', 'mesh').value as Mesh | undefined;
  if (mesh?.AllowEnablingPermissiveMutualTLS) return undefined;
  return 'cannot set MutualTLSMode=permissive because AllowEnablingPermissiveMutualTLS=false in the mesh config entry';
}

/** Intentions may ask for tokens of issuers that are known only. */
export function missingTokenIssuers(after: Snapshot, dc: string, written: EntryBase): string | undefined {
  if (written.Kind !== 'service-intentions') return undefined;
  const { JWT, Sources } = written as ServiceIntentions;
  const required = [JWT, ...Sources.flatMap((from) => (from.Permissions ?? []).map((permission) => permission.JWT))];
  const names = new Set(required.flatMap((one) => (one?.Providers ?? []).map((provider) => provider.Name ?? '')));
  const missing = [...names].filter((name) => !entry(after, dc, 'jwt-provider', name).value);
  if (missing.length === 0) return undefined;
  const points = missing.map((name) => `\t* Referenced JWT Provider does not exist. Provider Name: ${name}`);
  return `${missing.length} error${missing.length === 1 ? '' : 's'} occurred:\n${points.join('\n')}\n\n`;
}

/**
 * Callers of a listener speak what the chain speaks. A gateway that was there before its services changed may carry requests
 * as bytes (tcp) as long as nothing has to be told apart; one that is written must match.
 */
export function ingressProtocols(gateway: IngressGateway, strict: boolean, chainOf: (service: string) => Chain | undefined): GraphError[] {
  return (gateway.Listeners ?? []).flatMap(({ Protocol: expected, Services = [] }) =>
    Services.filter(({ Name }) => Name !== '*').flatMap(({ Name: service }): GraphError[] => {
      const chain = chainOf(service);
      if (!chain || chain.protocol === expected) return [];
      if (!strict && expected === 'tcp' && chain.nodes[chain.startNode]?.type === 'resolver') return [];
      const has = `service ${JSON.stringify(service)} has protocol ${JSON.stringify(chain.protocol)}`;
      return [{ service, message: `${has}, which does not match defined listener protocol ${JSON.stringify(expected)}` }];
    }),
  );
}

/** Permissions look at requests: there have to be some. */
export function permissionsOverBytes(intentions: ServiceIntentions, chainOf: (service: string) => Chain | undefined): GraphError[] {
  const { Name: service, Sources } = intentions;
  if (service === '*' || !Sources.some((from) => from.Permissions)) return [];
  const chain = chainOf(service);
  if (!chain || isHttpLike(chain.protocol)) return [];
  const has = `service ${JSON.stringify(service)} has protocol ${JSON.stringify(chain.protocol)}`;
  return [{ service, message: `${has}, which is incompatible with L7 intentions permissions` }];
}
