import type { FlowCount } from '../../api/rates.ts';
import type { RouteTarget, ServiceRoutes, UpstreamRoute, UpstreamRoutes } from '../../api/routes.ts';
import { formatDuration } from '../../base/duration.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { renderTable } from '../../ui/table.ts';
import { wrap } from '../../ui/wrap.ts';
import { countText, shareText } from '../top/figures.ts';
import { type SoFar, soFar } from '../top/so-far.ts';

export interface TakenTarget extends RouteTarget {
  readonly soFar: SoFar;
}

export interface TakenRoute extends UpstreamRoute {
  readonly splits: readonly TakenTarget[];
}

export interface TakenUpstream extends UpstreamRoutes {
  readonly source: string;
  readonly sourceDatacenter: string;
  readonly routes: readonly TakenRoute[];
}

/** The routes of each upstream, with what has been counted of each of their splits. */
export function takenRoutes(services: readonly ServiceRoutes[], counts: readonly FlowCount[]): TakenUpstream[] {
  return services.flatMap(({ service: source, datacenter: sourceDatacenter, upstreams }) =>
    upstreams.map((one) => ({
      source,
      sourceDatacenter,
      ...one,
      routes: one.routes.map((route) => ({
        ...route,
        splits: route.splits.map((target) => ({
          ...target,
          soFar: soFar(
            counts,
            ({ proxy, upstream, route: name, cluster }) =>
              one.proxies.includes(proxy) && upstream === one.upstream && name === route.name && cluster === target.cluster,
          ),
        })),
      })),
    })),
  );
}

const HEADER = ['ROUTE', 'TO', 'WEIGHT', 'ENDPOINTS', 'CALLS', 'SUCCESS'];
const NUMBERS = new Set([2, 3, 4, 5]);
const INDENT = '  ';

/** A table for each upstream; what happens to requests on a route stands below it. */
export function routesText(upstreams: readonly TakenUpstream[], style: Style, width?: number): string {
  if (upstreams.length === 0) return 'There are no upstreams whose routes could be shown';
  return upstreams.map((upstream) => upstreamText(upstream, style, width)).join('\n\n');
}

function upstreamText(upstream: TakenUpstream, style: Style, width = Number.POSITIVE_INFINITY): string {
  const { source, protocol, listens, routes } = upstream;
  const title = printable(`${source} -> ${upstream.upstream} (${protocol}) at ${listens.join(', ')}`);
  if (routes.length === 0) return `${style.bold(title)}\n${INDENT}${style.dim('leads nowhere yet')}`;
  const placed = routes.flatMap((route) =>
    route.splits.map((target, i) => ({
      row: [
        i === 0 ? printable([...(route.hosts ?? []), route.name].join(' ')) : '',
        printable(targetText(target, upstream)),
        `${target.weight}%`,
        countText(target.endpoints),
        countText(target.soFar.calls),
        shareText(target.soFar.success ?? undefined),
      ],
      notes: i === route.splits.length - 1 ? notesOf(route) : [],
    })),
  );
  const shrink = [
    { column: 1, keep: 'start' },
    { column: 0, keep: 'start' },
  ] as const;
  const paint = (text: string, row: number): string => (row === 0 ? style.dim(text) : text);
  const limit = Number.isFinite(width) ? { width: width - INDENT.length, shrink, drop: [3] } : undefined;
  const [header, ...lines] = renderTable(
    HEADER,
    placed.map(({ row }) => row),
    limit,
    { right: NUMBERS, paint },
  ).split('\n');
  const noted = lines.flatMap((line, i) => [
    line,
    ...placed[i]!.notes.flatMap((note) => wrap(printable(note), width - 4)).map((note) => style.dim(`${INDENT}${note}`)),
  ]);
  return [style.bold(title), ...[header!, ...noted].map((line) => `${INDENT}${line}`)].join('\n');
}

function targetText({ destination, destinationDatacenter, subset }: RouteTarget, { sourceDatacenter }: TakenUpstream): string {
  const elsewhere = destinationDatacenter === sourceDatacenter ? '' : ` (${destinationDatacenter})`;
  return `${destination}${subset === '' ? '' : ` ${subset}`}${elsewhere}`;
}

/** What happens to requests that take it, beyond that they go there. */
export function notesOf({ timeoutMs, idleTimeoutMs, retries, prefixRewrite, mirror, asksForToken, splits }: TakenRoute): string[] {
  const time = (ms: number): string => (ms === 0 ? 'none' : formatDuration(ms * 1e6));
  const effects = [
    ...(timeoutMs === undefined ? [] : [`timeout ${time(timeoutMs)}`]),
    ...(idleTimeoutMs === undefined ? [] : [`idle timeout ${time(idleTimeoutMs)}`]),
    ...(retries
      ? [`${retries.count} ${retries.count === 1 ? 'retry' : 'retries'}${retries.on.length > 0 ? ` on ${retries.on.join(', ')}` : ''}`]
      : []),
    ...(prefixRewrite === undefined ? [] : [`path rewritten to ${prefixRewrite}`]),
    ...(mirror ? [`${mirror.percent}% copied to ${mirror.cluster}`] : []),
    ...(asksForToken ? ['asks for a token'] : []),
  ];
  const standIns = splits
    .filter(({ failover }) => failover.length > 0)
    .map(({ cluster, failover }) => `${cluster} fails over to ${failover.join(', ')}`);
  return [...(effects.length > 0 ? [effects.join('; ')] : []), ...standIns];
}
