import { nodes } from '../catalog/queries.ts';
import { found } from './found.ts';
import { type Question, type Reply, TYPES } from './message.ts';
import type { DnsWorld } from './world.ts';

/** Nodes by their address, and services by theirs. Undefined: perhaps somebody else knows. */
export function answerReverse(question: Question, address: string, world: DnsWorld): Reply | undefined {
  const { snapshot, config, datacenter: dc, acl } = world;
  const targets = nodes(snapshot, dc)
    .value.filter((node) => node.Address === address && acl.allows('node', 'read', node.Node))
    .map((node) => `${node.Node}.node.${node.Datacenter}.${config.domain}`);
  const tables = snapshot.datacenters.get(dc);
  for (const service of targets.length === 0 ? (tables?.services.values() ?? []) : []) {
    if (service.Address === address && acl.allows('service', 'read', service.Service))
      targets.push(`${service.Service}.service.${dc}.${config.domain}`);
  }
  if (targets.length === 0) return undefined;
  const { name, type } = question;
  const answers =
    type === TYPES.PTR || type === TYPES.ANY
      ? [...new Set(targets)].map((target) => ({ name, ttl: config.nodeTtl, type: 'PTR' as const, target }))
      : [];
  return found(answers, world);
}
