import { connectInstances, node as findNode, type Instance, serviceInstances } from '../catalog/queries.ts';
import type { Node } from '../catalog/types.ts';
import { virtualIp } from '../catalog/virtual-ips.ts';
import { addressOfReverseName } from './address.ts';
import { answerApex } from './apex.ts';
import { serviceTtl } from './config.ts';
import { found, NOTHING, soaRecord } from './found.ts';
import { ingressInstances } from './gateways.ts';
import { addressRecords, instanceRecords, usable } from './instances.ts';
import { type Question, type Reply, type ResourceRecord, TYPES } from './message.ts';
import { below, type Lookup, parseLookup } from './names.ts';
import { nodeTexts } from './node-texts.ts';
import { answerReverse } from './reverse.ts';
import type { DnsWorld } from './world.ts';

/** The answer to a question of our own domain, or undefined: it is somebody else's. */
export function answerQuestion(question: Question, world: DnsWorld): Reply | undefined {
  const name = question.name.toLowerCase();
  const address = addressOfReverseName(name);
  if (address !== undefined) return answerReverse(question, address, world);
  const hosts = world.hosts(name);
  if (hosts)
    return found(
      hosts.flatMap((host) => addressRecords(host, question.name, question.type, 0)),
      world,
    );
  const { domain, altDomain } = world.config;
  for (const own of [domain, altDomain]) {
    const rest = own === undefined ? undefined : below(question.name, own);
    // What is asked in the other domain is answered in it.
    if (rest !== undefined) return answerOwn(question, rest, { ...world, config: { ...world.config, domain: own! } });
  }
  return undefined;
}

function answerOwn(question: Question, rest: string, world: DnsWorld): Reply {
  if (rest === '' || rest.toLowerCase() === 'ns') {
    const apex = answerApex(question, rest, world);
    if (apex) return apex;
  }
  const lookup = parseLookup(rest);
  return (lookup && answerLookup(question, lookup, world)) ?? { ...NOTHING, rcode: 'NXDOMAIN', authorities: [soaRecord(world)] };
}

/** Undefined: there is no such thing. */
function answerLookup(question: Question, lookup: Lookup, world: DnsWorld): Reply | undefined {
  const dc = lookup.dc?.toLowerCase() ?? world.datacenter;
  const { snapshot, config, acl } = world;
  if (!snapshot.datacenters.has(dc)) return undefined;
  switch (lookup.kind) {
    case 'node': {
      const node = findNode(snapshot, dc, lookup.node);
      return node && acl.allows('node', 'read', node.Node) ? answerNode(question, node, world) : undefined;
    }
    case 'addr':
      return found(addressRecords(lookup.address, question.name, question.type, config.nodeTtl), world);
    case 'query': {
      const answer = world.preparedQuery(lookup.query, dc);
      if (!answer) return undefined;
      // In the order that the query gives them: by chance, or by how near they are.
      const service = answer.instances[0]?.service.Service ?? '';
      return answerInstances(question, answer.instances, answer.ttl ?? serviceTtl(config, service), world);
    }
    case 'virtual': {
      const address = acl.allows('service', 'read', lookup.service) ? virtualIp(snapshot, dc, lookup.service) : undefined;
      const ttl = serviceTtl(config, lookup.service);
      return address === undefined ? undefined : found(addressRecords(address, question.name, question.type, ttl), world);
    }
    case 'service':
    case 'connect':
    case 'ingress': {
      const instances = instancesOf(lookup, dc, world);
      return answerInstances(question, world.shuffled(usable(instances, config)), serviceTtl(config, lookup.service), world);
    }
  }
}

function instancesOf(lookup: Extract<Lookup, { service: string }>, dc: string, { snapshot, acl }: DnsWorld): readonly Instance[] {
  if (!acl.allows('service', 'read', lookup.service)) return [];
  const readable = (all: readonly Instance[]) => all.filter(({ node }) => acl.allows('node', 'read', node.Node));
  if (lookup.kind === 'connect') return readable(connectInstances(snapshot, dc, lookup.service).value);
  if (lookup.kind === 'ingress') return readable(ingressInstances(snapshot, dc, lookup.service));
  const tag = lookup.kind === 'service' ? lookup.tag.toLowerCase() : '';
  const all = readable(serviceInstances(snapshot, dc, lookup.service).value);
  return tag === '' ? all : all.filter(({ service }) => service.Tags.some((own) => own.toLowerCase() === tag));
}

function answerInstances(question: Question, instances: readonly Instance[], ttl: number, world: DnsWorld): Reply | undefined {
  if (instances.length === 0) return undefined;
  const { config } = world;
  const { name, type } = question;
  const { answers, additionals } = instanceRecords(instances, { name, type, ttl }, config);
  const limited = config.aRecordLimit > 0 && type !== TYPES.SRV ? answers.slice(0, config.aRecordLimit) : answers;
  return found(limited, world, additionals);
}

function answerNode(question: Question, node: Node, world: DnsWorld): Reply {
  const { config } = world;
  const { name, type } = question;
  const texts = nodeTexts(node, name, config.nodeTtl);
  const isName = addressRecords(node.Address, name, TYPES.ANY, 0).length === 0;
  const areAsked = type === TYPES.TXT || type === TYPES.ANY;
  const alias: ResourceRecord = { name, ttl: config.nodeTtl, type: 'CNAME', target: node.Address.replace(/\.$/, '') };
  const addresses = isName && !areAsked ? [alias] : addressRecords(node.Address, name, type, config.nodeTtl);
  const answers = [...addresses, ...(areAsked ? texts : [])];
  return found(answers, world, areAsked || !config.nodeMetaTxt ? [] : texts);
}
