import { isRegistered, meshInstances } from '../catalog/gateways.ts';
import { healthyConnectEndpoints, serviceInstances, worstStatus } from '../catalog/queries.ts';
import type { ChainTarget } from '../compile/chain-model.ts';
import { complaint } from './health.ts';
import { type Looked, orNear } from './names.ts';

/** Why calls to a target have nowhere to go, and what to do about it. */
export interface Nowhere {
  readonly why: string;
  readonly fix: string;
}

type Target = Pick<ChainTarget, 'service' | 'subset' | 'datacenter' | 'filter'>;

/** Of a target for which there is no instance that may be called. */
export function nowhere(looked: Looked, { service, subset, datacenter: dc, filter }: Target): Nowhere {
  const { s } = looked;
  const at: Looked = { ...looked, dc };
  const there = dc === looked.dc ? '' : ` in datacenter ${dc}`;
  if (dc !== looked.dc && !s.datacenters.get(dc))
    return { why: `there is no datacenter ${dc}`, fix: `correct the datacenter; there are: ${[...s.datacenters.keys()].join(', ')}` };
  if (!isRegistered(s, dc, service))
    return { why: `no service ${service} is registered${there}`, fix: `register ${service}, or correct the name${orNear(at, service)}` };
  const sidecars = meshInstances(s, dc, service).value;
  if (sidecars.length === 0)
    return {
      why: `${service} has no sidecar${there}`,
      fix: `register ${service} with connect { sidecar_service {} }, as mesh services register does, or in its blueprint`,
    };
  const alive = sidecars.filter(({ checks }) => worstStatus(checks) !== 'critical');
  if (alive.length === 0) {
    const ill = serviceInstances(s, dc, service).value.filter(({ checks }) => worstStatus(checks) === 'critical');
    const said = (ill.length > 0 ? ill : sidecars).map(complaint).join('; ');
    return { why: `no instance of ${service} is healthy${there}: ${said}`, fix: `mesh status ${service}, mesh logs ${service}` };
  }
  if (filter !== '' && healthyConnectEndpoints(s, dc, service, { filter, onlyPassing: false }).length === 0)
    return {
      why: `the filter of subset ${subset} of ${service} (${filter}) matches none of ${alive.length === 1 ? 'its instance' : `its ${alive.length} instances`}`,
      fix: `mesh config read -kind service-resolver -name ${service}, and compare it with the Meta and tags of: mesh catalog nodes -service ${service} -detailed`,
    };
  return {
    why: `no instance of ${service} passes all of its checks${there}, as OnlyPassing asks: ${alive.map(complaint).join('; ')}`,
    fix: `mesh status ${service}, or set OnlyPassing = false in service-resolver ${service}`,
  };
}
