import type { Topology } from '../../../api/topology.ts';
import { Card } from '../../components/page.tsx';
import { ConnectionTable } from '../topology/connection-table.tsx';
import { graphOf, serviceKey } from '../topology/graph.ts';
import type { OfService } from './service-view.tsx';

/** Whom a service calls, and who calls it. */
export function Callers({ service, topology, traffic }: OfService) {
  const key = serviceKey(service.datacenter, service.name);
  const graph = graphOf(topology satisfies Topology);
  const { counts, boundsMs } = traffic;
  const upstreams = graph.links.filter(({ from }) => from === key);
  const callers = graph.links.filter(({ to }) => to === key);
  return (
    <>
      <Card title="Upstreams">
        <ConnectionTable
          caption={`Upstreams of ${service.name}`}
          links={upstreams}
          counts={counts}
          boundsMs={boundsMs}
          empty="It calls nobody in the mesh."
        />
      </Card>
      <Card title="Callers">
        <ConnectionTable
          caption={`Callers of ${service.name}`}
          links={callers}
          counts={counts}
          boundsMs={boundsMs}
          empty="Nobody has it as an upstream."
        />
      </Card>
    </>
  );
}
