import type { Denial } from '../../../api/denial.ts';
import { type FlowCount, quantileMs, successOf } from '../../../api/rates.ts';
import type { TopologyEdge } from '../../../api/topology.ts';
import { Health } from '../../components/badge.tsx';
import { Fact } from '../../components/fact.tsx';
import { Card } from '../../components/page.tsx';
import { href } from '../../shell/route.ts';
import { ago, duration, percent, rate } from '../../texts/numbers.ts';
import { Intention } from './connection-table.tsx';
import { countedAt, countedOn, type Graph, type GraphNode, type Link } from './graph.ts';
import { kindText } from './kinds.ts';

interface DetailsProps {
  readonly graph: Graph;
  readonly chosen: string | undefined;
  readonly counts: readonly FlowCount[];
  readonly boundsMs: readonly number[];
  readonly denied: (link: Link) => readonly Denial[];
  /** Of the agent, in milliseconds since the epoch. */
  readonly now: number;
}

/** What is known of the service or the line that was pointed at last. */
export function Details(props: DetailsProps) {
  const { graph, chosen } = props;
  const link = graph.links.find(({ key }) => key === chosen);
  const node = graph.nodes.find(({ key }) => key === chosen);
  return (
    <aside class="topology-details" aria-label="Details">
      {link ? <OfLink {...props} link={link} /> : node ? <OfNode {...props} node={node} /> : <Legend />}
    </aside>
  );
}

function OfLink({ link, counts, boundsMs, denied, now }: DetailsProps & { readonly link: Link }) {
  const counted = countedOn(link, counts);
  const [edge] = link.edges;
  const success = successOf(counted);
  const times = [0.5, 0.95, 0.99].map((quantile) => quantileMs(quantile, counted.latency, boundsMs));
  const refusals = denied(link);
  return (
    <Card title={`${edge!.source} → ${edge!.destination}`} aside={<Intention link={link} />}>
      <dl class="facts card-body">
        <Fact name="Rate">{rate(counted)}</Fact>
        <Fact name="Success">{success === undefined ? '–' : percent(success)}</Fact>
        <Fact name="p50 · p95 · p99">{times.every((ms) => ms !== undefined) ? times.map((ms) => duration(ms)).join(' · ') : '–'}</Fact>
        {counted.connections.active > 0 && <Fact name="Open connections">{counted.connections.active}</Fact>}
        {link.edges.map((one) => (
          <OfEdge key={`${one.upstream} ${one.listens.join()}`} edge={one} />
        ))}
        {refusals.slice(0, 3).map((denial) => (
          <Fact
            key={`${denial.firstAt} ${denial.reason}`}
            name={`Denied ${ago(now - denial.lastAt)}${denial.times > 1 ? `, ${denial.times} times` : ''}`}
          >
            {denial.request && <code>{`${denial.request.method} ${denial.request.path}`}</code>} {denial.reason}
          </Fact>
        ))}
      </dl>
    </Card>
  );
}

function OfEdge({ edge }: { readonly edge: TopologyEdge }) {
  const { upstream, listens, protocol, subsets, identity, expects, rule, tls } = edge;
  const named = subsets.filter((subset) => subset !== '');
  return (
    <>
      <Fact name="Upstream">
        {upstream} · {protocol}
        {listens.length > 0 && (
          <>
            {' '}
            at <code>{listens.join(', ')}</code>
          </>
        )}
      </Fact>
      {named.length > 0 && <Fact name="Subsets">{named.join(', ')}</Fact>}
      <Fact name="Decided by">{rule}</Fact>
      <Fact name="TLS">
        {tls === 'mutual' ? 'mutual' : tls === 'originated' ? 'originated by the gateway' : 'none: outside of the mesh'}
      </Fact>
      {tls === 'mutual' && (
        <>
          <Fact name="Caller is">
            <code>{identity}</code>
          </Fact>
          <Fact name="Expects">
            <code>{expects.join(', ')}</code>
          </Fact>
        </>
      )}
    </>
  );
}

function OfNode({ node, counts }: DetailsProps & { readonly node: GraphNode }) {
  const { service } = node;
  const counted = countedAt(service, counts);
  const success = successOf(counted);
  return (
    <Card title={service.name} aside={<a href={href(['services', service.name], { dc: service.datacenter })}>Open</a>}>
      <dl class="facts card-body">
        <Fact name="Kind">
          {kindText(service.kind)} · {service.protocol}
        </Fact>
        <Fact name="Datacenter">{service.datacenter}</Fact>
        {service.blueprint !== undefined && <Fact name="Blueprint">{service.blueprint}</Fact>}
        <Fact name="Rate">{rate(counted)}</Fact>
        <Fact name="Success">{success === undefined ? '–' : percent(success)}</Fact>
        {service.instances.map(({ id, node: on, address, health, sidecar }) => (
          <Fact key={`${on}/${id}`} name={id}>
            <Health status={health} />
            <code>{address}</code> on {on}
            {sidecar && !sidecar.serves && <div>{sidecar.error ?? 'its sidecar does not serve yet'}</div>}
          </Fact>
        ))}
      </dl>
    </Card>
  );
}

function Legend() {
  return (
    <Card title="What is what">
      <ul class="topology-legend card-body">
        <li>
          <svg viewBox="0 0 40 12" aria-hidden="true">
            <path class="drawing-line legend-active" d="M2,6h36" />
          </svg>
          Requests flow
        </li>
        <li>
          <svg viewBox="0 0 40 12" aria-hidden="true">
            <path class="drawing-line legend-idle" d="M2,6h36" />
          </svg>
          May be called, idle
        </li>
        <li>
          <svg viewBox="0 0 40 12" aria-hidden="true">
            <path class="drawing-line legend-bad" d="M2,6h36" />
          </svg>
          Denied, or failing
        </li>
        <li>
          <svg viewBox="0 0 40 12" aria-hidden="true">
            <path class="topology-lock" d="M15.5,5.5h9v6h-9zM17.5,5.5v-1.5a2.5,2.5 0 0 1 5,0v1.5" />
          </svg>
          Mutual TLS
        </li>
        <li>
          <svg viewBox="0 0 40 12" aria-hidden="true">
            <circle class="topology-dot passing" cx="8" cy="6" r="4.2" />
            <circle class="topology-dot critical" cx="20" cy="6" r="4.2" />
            <circle class="topology-dot waiting" cx="32" cy="6" r="4.2" />
          </svg>
          Passing, critical, sidecar not serving
        </li>
      </ul>
      <p class="card-body muted">Point at a line or a service for more. Numbers are of the last five seconds.</p>
    </Card>
  );
}
