import type { LoadBalancer } from '../../../compile/proxy-config.ts';
import type { Host } from '../host.ts';
import type { Balancer } from './balancer.ts';
import { DEFAULT_CHOICES, LeastRequest } from './least-request.ts';
import { Maglev } from './maglev.ts';
import { PeakEwma } from './peak-ewma.ts';
import { Random } from './random.ts';
import { RingHash } from './ring-hash.ts';
import { roundRobin } from './round-robin.ts';

/** `random` is uniform in [0, 1). Consul leaves the choice to Envoy where nobody has made it, and that is round robin. */
export function newBalancer(settings: LoadBalancer | undefined, hosts: readonly Host[], random: () => number): Balancer {
  if (settings === undefined) return roundRobin(hosts);
  switch (settings.policy) {
    case 'random':
      return new Random(hosts, random);
    case 'least_request':
      return new LeastRequest(hosts, settings.choiceCount ?? DEFAULT_CHOICES, random);
    case 'ring_hash':
      return new RingHash(hosts, { minimum: settings.minimumRingSize, maximum: settings.maximumRingSize });
    case 'maglev':
      return new Maglev(hosts);
    case 'peak_ewma':
      return new PeakEwma(hosts, random, () => performance.now());
    case 'round_robin':
      return roundRobin(hosts);
  }
}
