import type { Topology, TopologyService } from '../../api/topology.ts';
import { MeshError } from '../../base/errors.ts';
import { sameName } from '../../base/same-name.ts';
import { didYouMean } from '../../base/suggest.ts';

/** Services of that name, of whatever datacenter. Throws a MeshError with the nearest name when there is none: nothing would ever show. */
export function knownService({ services }: Pick<Topology, 'services'>, name: string): readonly TopologyService[] {
  const found = services.filter((service) => sameName(service.name, name));
  if (found.length > 0) return found;
  const names = [...new Set(services.map((service) => service.name))];
  throw new MeshError('failed', `there is no service ${JSON.stringify(name)}`, {
    hint: didYouMean(name, names).hint ?? `there are: ${names.join(', ') || 'none'}`,
  });
}
