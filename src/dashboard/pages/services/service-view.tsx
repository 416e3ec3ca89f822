import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Topology, TopologyService } from '../../../api/topology.ts';
import { useLive } from '../../client/live.ts';
import { type RecentTraffic, useTraffic } from '../../client/traffic.ts';
import { Badge, Health } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { href } from '../../shell/route.ts';
import { go } from '../../shell/router.ts';
import { healthOf } from '../topology/graph.ts';
import { kindText } from '../topology/kinds.ts';
import { Callers } from './callers.tsx';
import { Explain } from './explain.tsx';
import { Instances } from './instances.tsx';
import { Logs } from './logs.tsx';
import { Requests } from './requests.tsx';
import { Routing } from './routing.tsx';
import { ServiceIntentions } from './service-intentions.tsx';

export interface OfService {
  readonly service: TopologyService;
  readonly topology: Topology;
  readonly traffic: RecentTraffic;
}

/** One service: what it is, who calls it and what becomes of calls. */
export function ServiceView({ name, datacenter, tab }: { readonly name: string; readonly datacenter: string; readonly tab: string }) {
  const { data: topology, error } = useLive<Topology>('/v1/mesh/topology');
  const traffic = useTraffic();
  if (!topology) return <PageFrame title={name}>{error ? <ErrorBanner text={error.message} /> : <Loading />}</PageFrame>;
  const service = topology.services.find((one) => one.name === name && (datacenter === '' || one.datacenter === datacenter));
  if (!service)
    return (
      <PageFrame title={name}>
        <Empty title={`There is no service ${name}`}>
          <a href={href(['services'])}>All services</a>
        </Empty>
      </PageFrame>
    );
  const of: OfService = { service, topology, traffic };
  const choose = (id: string): void => go(href(['services', name], { dc: datacenter, tab: id }));
  return (
    <PageFrame
      title={service.name}
      aside={
        <>
          {service.instances.length === 0 ? <Badge>no instances</Badge> : <Health status={healthOf(service)} />}
          <Badge>{kindText(service.kind)}</Badge>
          <Badge>{service.protocol}</Badge>
          <Badge>{service.datacenter}</Badge>
        </>
      }
    >
      <Tabs
        label={`About ${name}`}
        current={tab}
        onChange={choose}
        tabs={[
          { id: 'overview', title: 'Overview', content: () => <Overview {...of} /> },
          { id: 'routing', title: 'Routing', content: () => <Routing {...of} /> },
          { id: 'requests', title: 'Requests', content: () => <Requests {...of} /> },
          { id: 'logs', title: 'Logs', content: () => <Logs {...of} /> },
          { id: 'explain', title: 'Explain', content: () => <Explain {...of} /> },
        ]}
      />
    </PageFrame>
  );
}

function Overview(of: OfService) {
  return (
    <>
      <LazyCharts {...of} />
      <Instances {...of} />
      <Callers {...of} />
      <ServiceIntentions {...of} />
    </>
  );
}

/** Charts come with a library of their own, after everything else. */
function LazyCharts(of: OfService) {
  const [loaded, setLoaded] = useState<{ View: ComponentType<OfService> } | undefined>();
  useEffect(() => {
    void import('./charts.tsx').then((module) => setLoaded({ View: module.default }));
  }, []);
  return loaded ? <loaded.View {...of} /> : <div class="charts" />;
}
