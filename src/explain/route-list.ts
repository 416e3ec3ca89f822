import type { Origin } from '../api/explanation.ts';
import { entry } from '../catalog/queries.ts';
import type { StoredEntry } from '../catalog/types.ts';
import type { Chain } from '../compile/chain-model.ts';
import { boundListeners } from '../compile/gateways/api.ts';
import { apiChain } from '../compile/gateways/api-targets.ts';
import type { RankedRule } from '../compile/gateways/http-route-rules.ts';
import { rulesByHost } from '../compile/gateways/http-routes.ts';
import { ingressServices } from '../compile/gateways/ingress.ts';
import { upstreamChain, upstreamName } from '../compile/outbound.ts';
import type { OutboundListener, Route } from '../compile/proxy-config.ts';
import type { Sidecar } from '../compile/proxy-id.ts';
import type { HttpRoute } from '../entries/gateways/http-route.ts';
import type { IngressGateway } from '../entries/gateways/ingress-gateway.ts';
import { percent } from './texts.ts';
import { entryOrigin, type Walk } from './walk.ts';

/** Where one route was written, and what it leads to. */
export interface RouteSource {
  readonly origin: Origin;
  /** In which the targets of its splits are. */
  readonly chains: readonly Chain[];
  /** What it names, before resolvers lead on. */
  readonly leads: readonly Lead[];
  /** Parts that were written, those of weight 0 too; absent: it is not split. */
  readonly split?: { readonly origin: Origin; readonly parts: readonly WrittenPart[] };
}

export interface Lead {
  readonly service: string;
  /** Empty: none is named. */
  readonly subset: string;
}

export interface WrittenPart extends Lead {
  readonly weight: number;
}

/** The routes that hold for a request, in the order in which they are tried. */
export interface RouteList {
  readonly routes: readonly Route[];
  readonly source: (i: number) => RouteSource;
}

/** `host`: which of its virtual hosts; a listener without any has one list. */
export function routeList(walk: Walk, listener: OutboundListener, host: number | undefined): RouteList {
  const routes = host === undefined ? listener.routes : (listener.virtualHosts?.[host]?.routes ?? []);
  const { proxy } = walk.caller;
  if (proxy.Kind === 'ingress-gateway') return { routes, source: ofChain(walk, ingressChainOf(walk, listener, host ?? 0)) };
  if (proxy.Kind === 'api-gateway') return { routes, source: ofApiGateway(walk, listener, host) };
  return { routes, source: ofChain(walk, upstreamChainOf(walk, listener)) };
}

function upstreamChainOf({ snapshot, caller: { dc, proxy } }: Walk, { name }: OutboundListener): Chain | undefined {
  const sidecar = proxy as Sidecar;
  const upstream = sidecar.Proxy.Upstreams.find((one) => upstreamName(one) === name);
  if (!upstream || upstream.DestinationType === 'prepared_query') return undefined;
  const chain = upstreamChain(snapshot, dc, sidecar, upstream);
  return chain.ok ? chain.value : undefined;
}

function ingressChainOf({ snapshot, options, caller: { dc, proxy } }: Walk, { name }: OutboundListener, host: number): Chain | undefined {
  const found = entry(snapshot, dc, 'ingress-gateway', proxy.Service).value as IngressGateway | undefined;
  const listener = found?.Listeners?.find(({ Port, Protocol }) => `${Protocol}:${Port}` === name);
  const services = listener && ingressServices(snapshot, dc, proxy.Service, listener, options.trustDomain);
  return services?.ok ? services.value[host]?.chain : undefined;
}

/** Routes of a chain are those of its router, and one more for the rest; without a router there is only that one. */
function ofChain(walk: Walk, chain: Chain | undefined): RouteList['source'] {
  if (!chain) return () => ({ origin: { of: 'prepared query' }, chains: [], leads: [] });
  const { dc } = walk.caller;
  const start = chain.nodes[chain.startNode]!;
  return (i) => {
    const router = start.type === 'router' ? start : undefined;
    const isRest = router !== undefined && i === router.routes.length - 1;
    const origin: Origin = router
      ? entryOrigin(walk, dc, 'service-router', chain.service, isRest ? 'the rest' : `Routes[${i}]`)
      : { of: `no service-router ${chain.service}` };
    const { Service = '', ServiceSubset: subset = '' } = router?.routes[i]?.definition.Destination ?? {};
    const lead = { service: Service || chain.service, subset };
    return { origin, chains: [chain], leads: [lead], ...splitOf(walk, chain, router ? router.routes[i]!.next : chain.startNode) };
  };
}

function splitOf(walk: Walk, chain: Chain, id: string): Pick<RouteSource, 'split'> {
  const node = chain.nodes[id];
  if (node?.type !== 'splitter') return {};
  const service = /^splitter:(.*)\.default\.default$/.exec(id)![1]!;
  const parts = node.splits.map(({ definition, weight }) => ({
    weight,
    service: definition.Service || service,
    subset: definition.ServiceSubset ?? '',
  }));
  return { split: { origin: entryOrigin(walk, walk.caller.dc, 'service-splitter', service), parts } };
}

function ofApiGateway(walk: Walk, { name, virtualHosts }: OutboundListener, host: number | undefined): RouteList['source'] {
  const { snapshot, options, caller } = walk;
  const { dc, proxy } = caller;
  const chainOf = (service: string): Chain[] => {
    const chain = apiChain(snapshot, dc, service, options.trustDomain);
    return chain.ok ? [chain.value] : [];
  };
  const bound = boundListeners(snapshot, dc, proxy as never).find(({ group: [one] }) => one && `${one.Protocol}:${one.Port}` === name);
  const [first] = bound?.routes ?? [];
  if (!virtualHosts || host === undefined) {
    const services = first?.Kind === 'tcp-route' ? ((first as { Services?: { Name: string }[] }).Services ?? []) : [];
    const origin = first ? entryOrigin(walk, dc, first.Kind, first.Name) : { of: `no route of ${proxy.Kind} ${proxy.Service}` };
    return () =>
      withSplit(
        walk,
        origin,
        services.flatMap(({ Name }) => chainOf(Name)),
      );
  }
  const ranked = rulesByHost(bound?.group[0]?.Hostname ?? '', (bound?.routes ?? []) as readonly (HttpRoute & StoredEntry)[]);
  const rules = [...ranked.values()][host] ?? [];
  return (i) => {
    const one = rules[i];
    if (!one) return { origin: { of: `${proxy.Kind} ${proxy.Service}` }, chains: [], leads: [] };
    const part = `Rules[${(one.route.Rules ?? []).indexOf(one.rule)}]`;
    const origin = entryOrigin(walk, dc, 'http-route', one.route.Name, part);
    const chains = (one.rule.Services ?? []).flatMap(({ Name }) => chainOf(Name));
    const shares = sharesOf(one);
    return shares.length > 1 ? { origin, chains, leads: shares, split: { origin, parts: shares } } : withSplit(walk, origin, chains);
  };
}

/** The only service behind a route may be split itself. */
function withSplit(walk: Walk, origin: Origin, chains: readonly Chain[]): RouteSource {
  const [chain] = chains;
  const leads = chains.map(({ service }) => ({ service, subset: '' }));
  return { origin, chains, leads, ...(chain ? splitOf(walk, chain, chain.startNode) : {}) };
}

function sharesOf({ rule }: RankedRule): WrittenPart[] {
  const services = rule.Services ?? [];
  const sum = services.reduce((total, { Weight }) => total + Weight, 0);
  return services.map(({ Name, Weight }) => ({ weight: sum === 0 ? 0 : (Weight / sum) * 100, service: Name, subset: '' }));
}

/** `payments, subset v2` */
export const leadText = ({ service, subset }: Lead): string => (subset === '' ? service : `${service}, subset ${subset}`);

/** `30 % to payments, subset v2` */
export const partText = (part: WrittenPart): string => `${percent(part.weight)} to ${leadText(part)}`;
