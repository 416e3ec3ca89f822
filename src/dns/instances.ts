import { isIpv4 } from '../base/ipv4.ts';
import { type Instance, worstStatus } from '../catalog/queries.ts';
import { isIpv6 } from './address.ts';
import type { DnsConfig } from './config.ts';
import { type ResourceRecord, TYPES } from './message.ts';
import { addressLabel } from './names.ts';
import { nodeTexts } from './node-texts.ts';

interface Asked {
  /** In the client's spelling. */
  readonly name: string;
  readonly type: number;
  readonly ttl: number;
}

export interface Found {
  readonly answers: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
}

/** No check is critical, and with `onlyPassing` none warns. */
export function usable(instances: readonly Instance[], { onlyPassing }: DnsConfig): Instance[] {
  return instances.filter(({ checks }) => {
    const status = worstStatus(checks);
    return status === 'passing' || (status === 'warning' && !onlyPassing);
  });
}

/** The answers to a question about a service: addresses, or with SRV also ports. */
export function instanceRecords(instances: readonly Instance[], asked: Asked, config: DnsConfig): Found {
  return asked.type === TYPES.SRV ? serviceRecords(instances, asked, config) : { answers: hostRecords(instances, asked), additionals: [] };
}

/** Each address once; a service elsewhere that has a name instead is an alias of that. */
function hostRecords(instances: readonly Instance[], { name, type, ttl }: Asked): ResourceRecord[] {
  const addresses = [...new Set(instances.map(addressOf))];
  const records = addresses.flatMap((address) => addressRecords(address, name, type, ttl));
  const alias = addresses.find((address) => !isIpv4(address) && !isIpv6(address));
  // A name that is an alias can be nothing else.
  return records.length > 0 || alias === undefined ? records : [{ name, ttl, type: 'CNAME', target: withoutDot(alias) }];
}

/** The record of the address, if it is of the family that is asked for. */
export function addressRecords(address: string, name: string, type: number, ttl: number): ResourceRecord[] {
  if ((type === TYPES.A || type === TYPES.ANY) && isIpv4(address)) return [{ name, ttl, type: 'A', address }];
  if ((type === TYPES.AAAA || type === TYPES.ANY) && isIpv6(address)) return [{ name, ttl, type: 'AAAA', address }];
  return [];
}

/** RFC 2782. What a target's name stands for comes along, so that nobody has to ask again. */
function serviceRecords(instances: readonly Instance[], { name, ttl }: Asked, config: DnsConfig): Found {
  const answers: ResourceRecord[] = [];
  const additionals: ResourceRecord[] = [];
  const seen = new Set<string>();
  for (const instance of instances) {
    const { node, service } = instance;
    const address = addressOf(instance);
    const key = `${node.Node} ${address} ${service.Port}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const nodeName = `${node.Node}.node.${node.Datacenter}.${config.domain}`;
    const label = service.Address === '' || service.Address === node.Address ? undefined : addressLabel(service.Address);
    const isElsewhere = label === undefined && !isIpv4(address) && !isIpv6(address);
    const target = isElsewhere ? withoutDot(address) : label === undefined ? nodeName : `${label}.addr.${node.Datacenter}.${config.domain}`;
    answers.push({ name, ttl, type: 'SRV', priority: 1, weight: weightOf(instance), port: service.Port, target });
    additionals.push(...addressRecords(address, target, TYPES.ANY, ttl));
    if (config.nodeMetaTxt) additionals.push(...nodeTexts(node, nodeName, ttl));
  }
  return { answers, additionals };
}

const addressOf = ({ node, service }: Instance): string => service.Address || node.Address;
const withoutDot = (name: string): string => name.replace(/\.$/, '');

function weightOf({ service, checks }: Instance): number {
  return worstStatus(checks) === 'warning' ? service.Weights.Warning : service.Weights.Passing;
}
