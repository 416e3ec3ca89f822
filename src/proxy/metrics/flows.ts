import type { Flow } from '../../api/traffic.ts';
import { subsetOf } from '../../compile/proxy-config.ts';
import type { Traffic } from '../observe/traffic.ts';
import { classesOf } from './answers.ts';
import type { SidecarView } from './sidecar.ts';

/** What one sidecar or gateway has counted, by who has called whom: the same counters that its metrics have. */
export function flowsOf({
  config,
  inbound,
  terminating,
  outbound,
}: Pick<SidecarView, 'config' | 'inbound' | 'terminating' | 'outbound'>): Flow[] {
  const { id: proxy, service, datacenter } = config;
  const sources = (inbound ?? terminating)?.observer.groups ?? [];
  const came = Array.from(sources, (traffic) => inboundFlow(proxy, datacenter, traffic));
  const went = config.outbound.flatMap(({ name: upstream }) =>
    Array.from(outbound.get(upstream)?.observer.groups ?? [], (traffic): Flow => {
      const { name: route, cluster = '' } = traffic;
      const to = config.clusters[cluster];
      return {
        side: 'outbound',
        proxy,
        source: service,
        sourceDatacenter: datacenter,
        destination: to?.service ?? '',
        destinationDatacenter: to?.datacenter ?? datacenter,
        upstream,
        route,
        cluster,
        subset: to ? subsetOf(to) : '',
        ...counted(traffic),
      };
    }),
  );
  return [...came, ...went];
}

function inboundFlow(proxy: string, datacenter: string, traffic: Traffic): Flow {
  return {
    side: 'inbound',
    proxy,
    source: traffic.name,
    sourceDatacenter: traffic.datacenter ?? datacenter,
    destination: traffic.service ?? '',
    destinationDatacenter: datacenter,
    ...counted(traffic),
  };
}

type Counted = Pick<
  Flow,
  'since' | 'answers' | 'latency' | 'latencySumMs' | 'denied' | 'retries' | 'connections' | 'bytesUp' | 'bytesDown'
>;

function counted(traffic: Traffic): Counted {
  const { since, times, denied, retries, connections, bytesUp, bytesDown } = traffic;
  const answers: Record<string, number> = {};
  let answered = 0;
  for (const [digit, count] of classesOf(traffic)) {
    answers[`${digit}xx`] = count;
    answered += count;
  }
  const unanswered = times.count - answered;
  if (unanswered > 0) answers['none'] = unanswered;
  return {
    since,
    answers,
    latency: [...times.counts],
    latencySumMs: times.sum,
    denied,
    retries,
    connections: { ...connections },
    bytesUp,
    bytesDown,
  };
}
