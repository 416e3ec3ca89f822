import type { Node, ServiceAddress } from '../../catalog/types.ts';
import type { SocketAddress } from '../proxy-config.ts';
import type { Gateway } from '../proxy-id.ts';
import { textSetting } from '../settings.ts';

/**
 * Where a gateway listens, its own address first: Consul's settings for it, and `bind_address` of sidecars. Without any it is the
 * address of the registration, else of its node; Consul would take every interface then. A port of an address of its own counts
 * for a terminating gateway alone: others have ports of their listeners.
 */
export function gatewayBinds(gateway: Gateway, node: Node, listenerPort?: number): SocketAddress[] {
  const { Address, Port, Proxy: proxy, TaggedAddresses } = gateway;
  const config = proxy?.Config ?? {};
  const own = { Address: textSetting(config, 'bind_address') ?? (Address || node.Address), Port };
  const tagged = config['envoy_gateway_bind_tagged_addresses'] === true ? Object.values(TaggedAddresses) : [];
  const others = [...tagged, ...asAddresses(config['envoy_gateway_bind_addresses'])].filter((one) => one.Address !== '');
  const isElsewhere = config['envoy_gateway_no_default_bind'] === true && others.length > 0;
  const binds = (isElsewhere ? others : [own, ...others]).map((one) => ({
    address: one.Address,
    port: listenerPort ?? (one.Port || Port),
  }));
  return [...new Map(binds.map((bind) => [`${bind.address} ${bind.port}`, bind])).values()];
}

function asAddresses(value: unknown): ServiceAddress[] {
  const entries: unknown[] = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return entries.flatMap((one) => {
    const { Address, address = Address, Port, port = Port } = (one ?? {}) as Readonly<Record<string, unknown>>;
    return typeof address === 'string' ? [{ Address: address, Port: Number(port) || 0 }] : [];
  });
}
