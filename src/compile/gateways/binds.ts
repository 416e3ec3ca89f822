import type { Node, ServiceAddress } from '../../catalog/types.ts';
import type { SocketAddress } from '../proxy-config.ts';
import type { Gateway } from '../proxy-id.ts';
import { textSetting } from '../settings.ts';

/**
 * Where a gateway listens, its own address first: Consul's settings for it, and `bind_address` of sidecars. Without any it is the
 * address of the registration, else of its node; Consul would take every interface then.
 */
export function gatewayAddresses({ Address, Proxy: proxy, TaggedAddresses }: Gateway, node: Node): string[] {
  const config = proxy?.Config ?? {};
  const own = textSetting(config, 'bind_address') ?? (Address || node.Address);
  const tagged = config['envoy_gateway_bind_tagged_addresses'] === true ? Object.values(TaggedAddresses) : [];
  const named = Object.values(asAddresses(config['envoy_gateway_bind_addresses']));
  const others = [...tagged, ...named].map((one) => one.Address).filter((address) => address !== '');
  const isElsewhere = config['envoy_gateway_no_default_bind'] === true && others.length > 0;
  return [...new Set(isElsewhere ? others : [own, ...others])];
}

/** The same with the port that all of them share, or one of their own. */
export function gatewayBinds(gateway: Gateway, node: Node, port: number): SocketAddress[] {
  return gatewayAddresses(gateway, node).map((address) => ({ address, port }));
}

function asAddresses(value: unknown): Readonly<Record<string, ServiceAddress>> {
  if (typeof value !== 'object' || value === null) return {};
  const known = Object.entries(value).filter(([, one]) => typeof (one as Partial<ServiceAddress> | null)?.Address === 'string');
  return Object.fromEntries(known) as Record<string, ServiceAddress>;
}
