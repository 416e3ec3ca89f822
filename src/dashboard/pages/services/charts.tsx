import { useRef } from 'preact/hooks';
import type { TopologyService } from '../../../api/topology.ts';
import type { RecentTraffic } from '../../client/traffic.ts';
import { bytes, duration, short } from '../../texts/numbers.ts';
import { countedAt } from '../topology/graph.ts';
import { Chart } from './chart.tsx';
import { extended, type History, NO_HISTORY } from './history.ts';

/** What came to a service since the page was opened, five minutes at most. */
export default function Charts({ service, traffic }: { readonly service: TopologyService; readonly traffic: RecentTraffic }) {
  const history = useRef<History>(NO_HISTORY);
  const last = useRef(0);
  const { at, counts, boundsMs } = traffic;
  if (at > last.current) {
    last.current = at;
    history.current = extended(history.current, at, countedAt(service, counts), boundsMs);
  }
  const { times, requests, connections, denied, success, p50, p95, p99, bytes: volume } = history.current;
  const isBytes = service.protocol === 'tcp';
  const perS = (value: number): string => `${short(value)}/s`;
  const refused = { label: 'denied', colour: '--bad', values: denied };
  return (
    <div class="charts">
      {isBytes ? (
        <Chart
          title="Connections"
          times={times}
          series={[{ label: 'begun', colour: '--accent', values: connections }, refused]}
          format={perS}
        />
      ) : (
        <Chart title="Requests" times={times} series={[{ label: 'all', colour: '--accent', values: requests }, refused]} format={perS} />
      )}
      <Chart
        title="Success"
        times={times}
        series={[{ label: 'success', colour: '--good', values: success }]}
        format={(value) => `${value.toFixed(value > 99 && value < 100 ? 1 : 0)} %`}
        atLeast={100}
      />
      {isBytes ? (
        <Chart
          title="Bytes"
          times={times}
          series={[{ label: 'bytes', colour: '--accent', values: volume }]}
          format={(value) => `${bytes(value)}/s`}
        />
      ) : (
        <Chart
          title="Latency"
          times={times}
          series={[
            { label: 'p50', colour: '--good', values: p50 },
            { label: 'p95', colour: '--accent', values: p95 },
            { label: 'p99', colour: '--warn', values: p99 },
          ]}
          format={duration}
        />
      )}
    </div>
  );
}
