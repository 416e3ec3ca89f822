import type { Flow, Traffic } from '../../../../api/traffic.ts';
import { json } from '../../answer.ts';
import type { Endpoint } from '../../endpoint.ts';
import { fromDataplane } from '../../from-dataplane.ts';

export const traffic: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/traffic',
    doc: 'What the sidecars and gateways of the data plane have counted since they began, by who has called whom; with ?dc= what concerns that datacenter.',
    acl: 'service:read',
    async handle({ acl, query, signal }, { agent, clock }) {
      const { boundsMs, flows } = await fromDataplane(signal, (until) => agent.traffic.traffic(until));
      const dc = query.get('dc');
      const wanted = dc ? flows.filter((flow) => flow.sourceDatacenter === dc || flow.destinationDatacenter === dc) : flows;
      const mayRead = (service: string): boolean => acl.allows('service', 'read', service);
      const seen: readonly Flow[] = acl.filter(wanted, ({ source, destination }) => mayRead(source) && mayRead(destination));
      return json({ at: clock.now(), boundsMs, flows: seen } satisfies Traffic);
    },
  },
];
