import { useMemo, useState } from 'preact/hooks';
import type { Denials } from '../../../api/denial.ts';
import { perSecond, successOf } from '../../../api/rates.ts';
import type { Topology } from '../../../api/topology.ts';
import { useDatacenter, withDatacenter } from '../../client/datacenter.ts';
import { useLive, usePoll } from '../../client/live.ts';
import { useTraffic } from '../../client/traffic.ts';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card, PageFrame } from '../../components/page.tsx';
import { count, inShort, isIdle, rate, short } from '../../texts/numbers.ts';
import type { PageProps } from '../pages.ts';
import { ConnectionTable } from './connection-table.tsx';
import { Details } from './details.tsx';
import { countedAt, countedOn, deniedOn, graphOf, type Link } from './graph.ts';
import { type LinkView, Picture } from './picture.tsx';

/** How long a line stays red after a refusal. */
const DENIED_MS = 60_000;

export default function TopologyPage(_props: PageProps) {
  const datacenter = useDatacenter();
  const { data, error } = useLive<Topology>(withDatacenter('/v1/mesh/topology', datacenter));
  const traffic = useTraffic();
  const { data: refused } = usePoll<Denials>('/v1/mesh/denials', 2000);
  const [chosen, setChosen] = useState<string | undefined>();
  const graph = useMemo(() => data && graphOf(data), [data]);
  if (!graph) return <PageFrame title="Topology">{error ? <ErrorBanner text={error.message} /> : <Loading />}</PageFrame>;

  const { counts, boundsMs, at } = traffic;
  const denied = (link: Link) => deniedOn(link, refused?.denials ?? [], at - DENIED_MS);
  const viewOf = (link: Link): LinkView => {
    const counted = countedOn(link, counts);
    const isDeny = link.edges.every(({ intention }) => intention === 'deny');
    const isRefused = counted.denied > 0 || denied(link).length > 0;
    const success = successOf(counted) ?? 1;
    const numbers = inShort(counted, boundsMs);
    const text = isDeny ? 'denied by intention' : isRefused ? `denied · ${numbers}` : numbers;
    const tone = isDeny || isRefused || success < 0.95 ? 'bad' : success < 0.99 ? 'warn' : isIdle(counted) ? 'idle' : 'active';
    const isLocked = link.edges.some(({ tls }) => tls === 'mutual');
    const [edge] = link.edges;
    const spoken = `${edge!.source} to ${edge!.destination}: ${text}${isLocked ? ', mutual TLS' : ''}`;
    return { text, tone, isLocked, spoken };
  };
  const total = counts
    .filter(({ flow }) => flow.side === 'inbound')
    .reduce((sum, { counted }) => sum + perSecond(counted.requests, counted), 0);
  return (
    <PageFrame
      title="Topology"
      aside={
        <span class="muted">
          {count(graph.nodes.length, 'service')} · {count(graph.links.length, 'connection')} · {short(total)} rps
        </span>
      }
    >
      {error && <ErrorBanner text={error.message} />}
      {traffic.error && <ErrorBanner text={`There are no numbers: ${traffic.error.message}`} />}
      {graph.nodes.length === 0 ? (
        <Empty title="No services yet">
          <p>
            <code>mesh run v2</code> starts two of them with their sidecars; <code>mesh blueprints</code> lists more.
          </p>
        </Empty>
      ) : (
        <>
          <div class="topology">
            <Card>
              <Picture
                graph={graph}
                viewOf={viewOf}
                lineOf={({ service }) => rate(countedAt(service, counts))}
                chosen={chosen}
                onChoose={setChosen}
              />
            </Card>
            <Details graph={graph} chosen={chosen} counts={counts} boundsMs={boundsMs} denied={denied} now={at} />
          </div>
          <Card title="Connections">
            <ConnectionTable
              caption="Who calls whom"
              links={graph.links}
              empty="Nobody has an upstream."
              counts={counts}
              boundsMs={boundsMs}
            />
          </Card>
        </>
      )}
    </PageFrame>
  );
}
