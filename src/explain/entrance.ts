import { didYouMean } from '../base/suggest.ts';
import type { Cluster, OutboundListener, Route, VirtualHost } from '../compile/proxy-config.ts';
import { isGateway } from '../compile/proxy-id.ts';
import { callerText, type Walk } from './walk.ts';

/** The listener that a caller's request comes in at. */
export interface Entrance {
  readonly listener: OutboundListener;
  /** What a client would name as host if it does not say. */
  readonly host: string | undefined;
}

export type FoundEntrance =
  | { readonly is: 'found'; readonly entrance: Entrance }
  /** `fix`: what to do about it. */
  | { readonly is: 'none'; readonly summary: string; readonly fix: string };

/** The listener of an upstream by its name; of a gateway by its port, or by a service behind it. */
export function findEntrance(walk: Walk, destination: string): FoundEntrance {
  const { config, proxy } = walk.caller;
  if (isGateway(proxy)) return gatewayEntrance(walk, destination);
  const wanted = destination.toLowerCase();
  const named = (name: string) => name.toLowerCase() === wanted || name.toLowerCase() === `prepared_query:${wanted}`;
  const elsewhere = config.outbound.filter(({ name }) => name.toLowerCase().startsWith(`${wanted}?dc=`));
  const listener = config.outbound.find(({ name }) => named(name)) ?? (elsewhere.length === 1 ? elsewhere[0] : undefined);
  return listener ? { is: 'found', entrance: { listener, host: hostOf(listener) } } : noUpstream(walk, destination);
}

/** An application that calls an address has it as its host. */
function hostOf({ binds }: OutboundListener): string | undefined {
  const [bind] = binds;
  return bind && `${bind.address}:${bind.port}`;
}

function noUpstream(walk: Walk, destination: string): FoundEntrance {
  const { config } = walk.caller;
  const { service } = config;
  const names = config.outbound.map(({ name }) => name);
  const near = didYouMean(destination, names).hint;
  const others = names.length === 0 ? 'it has none' : `it has: ${names.join(', ')}`;
  const summary = `${destination} is no upstream of ${service}: ${others}`;
  if (near !== undefined) return { is: 'none', summary: `${summary}; ${near}`, fix: `mesh explain ${service} ${/"(.*)"/.exec(near)![1]!}` };
  const port = Math.max(9090, ...config.outbound.flatMap(({ binds }) => binds.map((bind) => bind.port))) + 1;
  const upstream = `upstreams { destination_name = "${destination}"  local_bind_port = ${port} }`;
  return { is: 'none', summary, fix: `add to the sidecar_service of ${service}: proxy { ${upstream} }, then register it again` };
}

function gatewayEntrance(walk: Walk, destination: string): FoundEntrance {
  const { caller } = walk;
  const { config } = caller;
  const listeners = config.outbound.filter(({ name }) => !name.startsWith('ready:'));
  const wanted = destination.toLowerCase();
  const byPort = listeners.find(({ name }) => name === wanted || name.endsWith(`:${wanted}`));
  const only = listeners.length === 1 && (wanted === '' || wanted === config.service.toLowerCase()) ? listeners[0] : undefined;
  const chosen = byPort ?? only;
  if (chosen) return { is: 'found', entrance: { listener: chosen, host: domainOf(chosen.virtualHosts?.[0]) } };
  const leads = ({ routes }: { readonly routes: readonly Route[] }): boolean =>
    routes.some(({ splits }) => splits.some(({ cluster }) => isOf(config.clusters[cluster], wanted)));
  for (const listener of listeners) {
    const host = listener.virtualHosts?.find(leads);
    if (host || leads(listener)) return { is: 'found', entrance: { listener, host: domainOf(host) } };
  }
  const names = listeners.map(({ name }) => name);
  const services = new Set(Object.values(config.clusters).map(({ service }) => service));
  const near = didYouMean(destination, [...services, ...names]).hint;
  const summary = `nothing behind ${callerText(caller)} is ${destination}: it has ${names.join(', ') || 'no listener'}`;
  const kind = caller.proxy.Kind === 'api-gateway' ? 'an http-route' : `${caller.proxy.Kind} ${config.service}`;
  return {
    is: 'none',
    summary: near === undefined ? summary : `${summary}; ${near}`,
    fix: `name ${destination} in ${kind}, and write it: mesh config write FILE`,
  };
}

const isOf = (cluster: Cluster | undefined, service: string): boolean => cluster?.service.toLowerCase() === service;

/** A host that the domain stands for. */
function domainOf(host: VirtualHost | undefined): string | undefined {
  const domain = host?.domains[0];
  if (domain === undefined || domain === '*') return undefined;
  return domain.replace(/^\*/, 'any').replace(/\*$/, 'consul');
}
