import type { FlowCount } from '../../api/rates.ts';
import type { TopologyEdge } from '../../api/topology.ts';
import type { Flow } from '../../api/traffic.ts';
import { sameName } from '../../base/same-name.ts';
import type { ProbeOutcome } from '../../compile/proxy-config.ts';
import { parseSpiffeId } from '../../pki/spiffe.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { renderTable } from '../../ui/table.ts';
import { wrap } from '../../ui/wrap.ts';
import { countText, shareText } from '../top/figures.ts';
import { type SoFar, soFar } from '../top/so-far.ts';

export interface SeenEdge extends TopologyEdge {
  readonly soFar: SoFar;
  /** With `--verify`: what a handshake has shown. */
  readonly handshake?:
    | { readonly state: 'ok'; readonly client: string; readonly server: string }
    | { readonly state: 'failed'; readonly reason: string };
}

export function seenEdges(edges: readonly TopologyEdge[], counts: readonly FlowCount[]): SeenEdge[] {
  return edges.map((edge, i) => {
    // The destination does not know by which of a caller's upstreams it was called.
    const isFirst = edges.findIndex((other) => sameEnds(edge, other)) === i;
    const belongs = (flow: Flow): boolean =>
      sameEnds(edge, flow) && (flow.upstream === undefined ? isFirst : flow.upstream === edge.upstream);
    return { ...edge, soFar: soFar(counts, belongs) };
  });
}

/** `outcomes`: of the sources' sidecars, by `<datacenter>/<service>` and upstream. */
export function verifiedEdges(
  edges: readonly SeenEdge[],
  outcomes: ReadonlyMap<string, Readonly<Record<string, ProbeOutcome>>>,
): SeenEdge[] {
  return edges.map((edge) => {
    if (edge.tls !== 'mutual') return edge;
    return { ...edge, handshake: handshakeOf(edge, outcomes.get(`${edge.sourceDatacenter}/${edge.source}`)?.[edge.upstream]) };
  });
}

/** Who refuses somebody has shown its identity, too. */
function handshakeOf({ identity, expects }: SeenEdge, outcome: ProbeOutcome | undefined): NonNullable<SeenEdge['handshake']> {
  if (!outcome) return { state: 'failed', reason: 'no sidecar of the agent has this upstream' };
  if (outcome.state === 'failed') return outcome;
  const made = outcome.handshakes ?? (outcome.seen ? [outcome.seen] : []);
  const found = made.find(({ server }) => expects.includes(server));
  if (found)
    return found.client === identity ? { state: 'ok', ...found } : { state: 'failed', reason: `the caller was taken for ${found.client}` };
  if (outcome.handshakes) return { state: 'failed', reason: 'nobody with this identity has answered' };
  return made[0] ? { state: 'failed', reason: `${made[0].server} has answered` } : { state: 'failed', reason: 'no identity was shown' };
}

type Ends = Pick<TopologyEdge, 'source' | 'sourceDatacenter' | 'destination' | 'destinationDatacenter'>;

const sameEnds = (a: Ends, b: Ends): boolean =>
  sameName(a.source, b.source) &&
  a.sourceDatacenter === b.sourceDatacenter &&
  sameName(a.destination, b.destination) &&
  a.destinationDatacenter === b.destinationDatacenter;

const HEADER = ['SOURCE', 'DESTINATION', 'PROTOCOL', 'TLS', 'INTENTION', 'CALLS', 'SUCCESS', 'DENIED'];
const NUMBERS = new Set([5, 6, 7]);
const INTENTION = 4;
const INDENT = '  ';

/** A row for each edge, with where it listens, identities and the rule that decides below it. */
export function edgesText(edges: readonly SeenEdge[], style: Style, width?: number): string {
  if (edges.length === 0) return 'Nobody is to call anybody: no sidecar has an upstream, and no gateway leads anywhere';
  const rows = edges.map((edge) => [
    name(edge.source, edge.sourceDatacenter, edges),
    name(edge.destination, edge.destinationDatacenter, edges),
    edge.protocol,
    tlsText(edge),
    edge.intention,
    countText(edge.soFar.calls),
    shareText(edge.soFar.success ?? undefined),
    countText(edge.soFar.denied),
  ]);
  const shrink = [
    { column: 1, keep: 'start' },
    { column: 0, keep: 'start' },
  ] as const;
  const paint = (text: string, row: number, column: number): string => {
    if (row === 0) return style.dim(text);
    if (column !== INTENTION) return text;
    const { intention } = edges[row - 1]!;
    return intention === 'allow' ? style.good(text) : intention === 'deny' ? style.error(text) : style.warning(text);
  };
  const [header, ...lines] = renderTable(HEADER, rows, width === undefined ? undefined : { width, shrink, drop: [2, 7, 3] }, {
    right: NUMBERS,
    paint,
  }).split('\n');
  return [header, ...lines.flatMap((line, i) => [line, ...below(edges[i]!, style, width)])].join('\n');
}

function below(edge: SeenEdge, style: Style, width = Number.POSITIVE_INFINITY): string[] {
  const { upstream, listens, subsets, identity, expects, rule, handshake } = edge;
  const named = subsets.filter((subset) => subset !== '');
  const where = `upstream ${upstream}${listens.length === 0 ? '' : ` at ${listens.join(', ')}`}${named.length === 0 ? '' : `, subsets ${named.join(', ')}`}`;
  const who = expects.length === 0 ? '' : `${identityText(identity)} -> ${expects.map(identityText).join(' or ')}: `;
  const facts = [where, `${who}${rule}`].flatMap((fact) => wrap(printable(fact), width - INDENT.length));
  const shown = facts.map((fact) => style.dim(`${INDENT}${fact}`));
  if (!handshake) return shown;
  const proof = wrap(printable(handshakeText(handshake)), width - INDENT.length).map((line) => `${INDENT}${line}`);
  return [...shown, ...proof.map(handshake.state === 'failed' ? style.error : style.good)];
}

function handshakeText(handshake: NonNullable<SeenEdge['handshake']>): string {
  if (handshake.state === 'failed') return `not verified: ${handshake.reason}`;
  return `verified: ${identityText(handshake.client)} -> ${identityText(handshake.server)}`;
}

function tlsText({ tls, tlsVersion }: TopologyEdge): string {
  if (tls === undefined) return 'none';
  if (tls === 'originated') return tls;
  return tlsVersion === undefined ? 'no version' : `mutual ${tlsVersion}`;
}

/** `dc1/web`: what differs between identities of one mesh. */
function identityText(uri: string): string {
  const parsed = parseSpiffeId(uri);
  return parsed.ok ? `${parsed.id.datacenter}/${parsed.id.service}` : uri;
}

function name(service: string, datacenter: string, edges: readonly SeenEdge[]): string {
  const several = edges.some((edge) => edge.sourceDatacenter !== datacenter || edge.destinationDatacenter !== datacenter);
  return printable(several ? `${service} (${datacenter})` : service);
}
