import type { Reply, ResourceRecord } from './message.ts';
import type { DnsWorld } from './world.ts';

export const NOTHING = { authoritative: true, answers: [], authorities: [], additionals: [] } as const;

/** It exists. Without a record of that type the domain's SOA says how long that may be remembered (RFC 2308). */
export function found(answers: readonly ResourceRecord[], world: DnsWorld, additionals: readonly ResourceRecord[] = []): Reply {
  const authorities = answers.length === 0 ? [soaRecord(world)] : [];
  return { ...NOTHING, rcode: 'NOERROR', answers, authorities, additionals };
}

export function soaRecord({ config, now }: DnsWorld): ResourceRecord {
  const { domain: name } = config;
  return { name, ttl: config.soa.minimum, type: 'SOA', mname: `ns.${name}`, rname: `hostmaster.${name}`, serial: now, ...config.soa };
}
