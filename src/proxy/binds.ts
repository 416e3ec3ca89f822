import type { ExposedPath, ForwardConfig, ProxyConfig, SocketAddress } from '../compile/proxy-config.ts';

/** An address that a configuration wants, before anything is bound. */
export interface Bind {
  /** Proxy or forward id: errors are reported by it. */
  readonly owner: string;
  /** `web/inbound`, `web/outbound/payments`, `web/outbound/payments/1` for the second address, `web/exposed/21500/health`, `forward/ingress.web`. */
  readonly name: string;
  readonly at: SocketAddress;
  /** False: the address may stay unbound without an error. */
  readonly required: boolean;
}

export function proxyBinds(proxy: ProxyConfig): Bind[] {
  const { id, inbound, terminating, leaving } = proxy;
  const outbound = proxy.outbound.flatMap(({ name, binds }) => bindsOf(id, outboundName(id, name), binds));
  const front = bindsOf(id, inboundName(id), inbound ? [inbound.bind] : (terminating?.binds ?? []));
  const exposed = (inbound?.exposed ?? []).map((path): Bind => ({ owner: id, name: exposedName(id, path), at: path.bind, required: true }));
  return leaving ? outbound : [...front, ...exposed, ...outbound];
}

const bindsOf = (owner: string, name: string, addresses: readonly SocketAddress[]): Bind[] =>
  addresses.map((at, i) => ({ owner, name: i === 0 ? name : `${name}/${i}`, at, required: i === 0 }));

/** Whether a listener, at any of its addresses, has this name. */
export function isListener(bound: string, name: string): boolean {
  return bound === name || (bound.startsWith(`${name}/`) && /^\d+$/.test(bound.slice(name.length + 1)));
}

/** Where metrics are served. Traffic goes on without, so an address that is taken is said and no error of the proxy. */
export function metricsBinds({ id, leaving, telemetry }: ProxyConfig): Bind[] {
  if (leaving) return [];
  return (telemetry?.metrics ?? []).map(({ bind, path }) => ({ owner: id, name: metricsName(id, path), at: bind, required: false }));
}

export function forwardBind(forward: ForwardConfig): Bind {
  return { owner: forward.id, name: forwardName(forward.id), at: forward.bind, required: true };
}

export function inboundName(proxyId: string): string {
  return `${proxyId}/inbound`;
}

export function exposedName(proxyId: string, { name }: ExposedPath): string {
  return `${proxyId}/exposed/${name}`;
}

export function metricsName(proxyId: string, path: string): string {
  return `${proxyId}/metrics${path}`;
}

export function outboundName(proxyId: string, upstream: string): string {
  return `${proxyId}/outbound/${upstream}`;
}

export function forwardName(id: string): string {
  return `forward/${id}`;
}

/** Equal keys share a socket, whoever owns it. Port 0 asks for a socket of its own. */
export function bindKey(bind: Bind): string {
  return bind.at.port === 0 ? `0 ${bind.name}` : `${bind.at.address} ${bind.at.port}`;
}

export function sameBind(a: Bind, b: Bind): boolean {
  return bindKey(a) === bindKey(b) && a.name === b.name && a.required === b.required;
}
