import type { Chain, ChainNode, ChainTarget, HttpMatch, RouteDefinition } from '../../client/chain.ts';

/** A chain as it is drawn: what a request passes from left to right. */
export interface ChainGraph {
  readonly boxes: readonly ChainBox[];
  readonly lines: readonly ChainLine[];
}

export interface ChainBox {
  readonly key: string;
  readonly kind: 'service' | 'router' | 'splitter' | 'resolver';
  readonly title: string;
  /** What shapes it: a filter, a datacenter, timeouts. */
  readonly notes: readonly string[];
}

export interface ChainLine {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** What has to hold for this way: a match, a weight, the place in a failover. */
  readonly text: string;
  /** Taken only if others have no healthy instance. */
  readonly isFailover: boolean;
}

const START = 'start';

export function chainGraph({ ServiceName, Protocol, StartNode, Nodes, Targets }: Chain): ChainGraph {
  const boxes = new Map<string, ChainBox>();
  const lines: ChainLine[] = [];
  const connect = (from: string, to: string, text: string, isFailover = false): void => {
    lines.push({ key: `${lines.length}`, from, to, text, isFailover });
  };
  const resolverOf = (target: string): string =>
    Object.entries(Nodes).find(([, { Type, Resolver }]) => Type === 'resolver' && Resolver?.Target === target)?.[0] ?? `target:${target}`;
  const visit = (id: string): void => {
    const node = Nodes[id];
    if (!node || boxes.has(id)) return;
    boxes.set(id, boxOf(id, node, Targets));
    for (const { Definition, NextNode } of node.Routes ?? []) {
      connect(id, NextNode, routeText(Definition));
      visit(NextNode);
    }
    for (const { Weight, NextNode } of node.Splits ?? []) {
      connect(id, NextNode, `${Math.round(Weight * 100) / 100} %`);
      visit(NextNode);
    }
    for (const [index, target] of (node.Resolver?.Failover?.Targets ?? []).entries()) {
      const to = resolverOf(target);
      connect(id, to, `failover ${index + 1}`, true);
      if (Nodes[to]) visit(to);
      else boxes.set(to, targetBox(to, target, Targets[target], []));
    }
  };
  boxes.set(START, { key: START, kind: 'service', title: ServiceName, notes: [Protocol] });
  connect(START, StartNode, '');
  visit(StartNode);
  return { boxes: [...boxes.values()], lines };
}

function boxOf(key: string, { Type, Name, Routes = [], Resolver }: ChainNode, targets: Chain['Targets']): ChainBox {
  const [name = Name] = Name.split('.');
  if (Type === 'router') return { key, kind: 'router', title: `router ${name}`, notes: [`${Routes.length} routes`] };
  if (Type === 'splitter') return { key, kind: 'splitter', title: `splitter ${name}`, notes: [] };
  const notes = Resolver?.ConnectTimeout === undefined || Resolver.Default ? [] : [`connects within ${Resolver.ConnectTimeout}`];
  return targetBox(key, Resolver?.Target ?? Name, targets[Resolver?.Target ?? ''], notes);
}

function targetBox(key: string, id: string, target: ChainTarget | undefined, notes: readonly string[]): ChainBox {
  if (!target) return { key, kind: 'resolver', title: id, notes };
  const { Service, ServiceSubset = '', Datacenter = '', Peer = '', Subset = {} } = target;
  return {
    key,
    kind: 'resolver',
    title: ServiceSubset === '' ? Service : `${Service} · ${ServiceSubset}`,
    notes: [
      ...(Subset.Filter ? [Subset.Filter] : []),
      ...(Subset.OnlyPassing ? ['passing instances only'] : []),
      ...(Peer !== '' ? [`peer ${Peer}`] : Datacenter !== '' ? [`datacenter ${Datacenter}`] : []),
      ...notes,
    ],
  };
}

/** `GET, POST /currency*`, `/ x-group=dev`, `else`. */
export function routeText({ Match, Destination }: RouteDefinition = {}): string {
  const http = Match?.HTTP;
  const rewrite = Destination?.PrefixRewrite ? ` to ${Destination.PrefixRewrite}` : '';
  return `${http && !isEverything(http) ? httpText(http) : 'everything else'}${rewrite}`;
}

const isEverything = ({ PathExact, PathPrefix = '/', PathRegex, Methods = [], Header = [], QueryParam = [] }: HttpMatch): boolean =>
  !PathExact && !PathRegex && (PathPrefix === '/' || PathPrefix === '') && Methods.length + Header.length + QueryParam.length === 0;

function httpText({ PathExact, PathPrefix, PathRegex, Methods = [], Header = [], QueryParam = [] }: HttpMatch): string {
  const path = PathExact || (PathRegex && `~ ${PathRegex}`) || (PathPrefix && PathPrefix !== '/' ? `${PathPrefix}*` : '');
  return [Methods.join(', '), path, ...Header.map(matchText), ...QueryParam.map((match) => `?${matchText(match)}`)]
    .filter((part) => part !== '')
    .join(' ');
}

function matchText({ Name, Exact, Prefix, Suffix, Contains, Regex, Invert }: NonNullable<HttpMatch['Header']>[number]): string {
  const value = Exact ?? (Prefix && `${Prefix}*`) ?? (Suffix && `*${Suffix}`) ?? (Contains && `*${Contains}*`) ?? (Regex && `~${Regex}`);
  return `${Invert ? 'not ' : ''}${value ? `${Name}=${value}` : Name}`;
}
