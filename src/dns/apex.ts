import { node as findNode } from '../catalog/queries.ts';
import { found, NOTHING, soaRecord } from './found.ts';
import { addressRecords } from './instances.ts';
import { type Question, type Reply, type ResourceRecord, TYPES } from './message.ts';
import type { DnsWorld } from './world.ts';

/** The domain itself, and its name server. */
export function answerApex({ name, type }: Question, rest: string, world: DnsWorld): Reply | undefined {
  const { config, node, datacenter, snapshot } = world;
  const own = findNode(snapshot, datacenter, node);
  const target = `${node}.node.${datacenter}.${config.domain}`;
  const server: ResourceRecord = { name, ttl: config.nodeTtl, type: 'NS', target };
  const glue = (at: string, asked: number) => (own ? addressRecords(own.Address, at, asked, config.nodeTtl) : []);
  if (rest !== '') return found(glue(name, type), world);
  if (type === TYPES.SOA || type === TYPES.ANY)
    return {
      ...NOTHING,
      rcode: 'NOERROR',
      answers: [{ ...soaRecord(world), name }],
      authorities: [server],
      additionals: glue(target, TYPES.ANY),
    };
  if (type === TYPES.NS) return { ...NOTHING, rcode: 'NOERROR', answers: [server], additionals: glue(target, TYPES.ANY) };
  return undefined;
}
