import type { Diagnostic } from '../../../../base/diagnostic.ts';
import type { Result } from '../../../../base/result.ts';
import { emptySnapshot, type Snapshot } from '../../../../catalog/snapshot.ts';
import { transact } from '../../../../catalog/transact.ts';
import type { Op, Service, Unindexed } from '../../../../catalog/types.ts';
import { buildProxyConfig } from '../../../../compile/proxy.ts';
import type { ProxyConfig } from '../../../../compile/proxy-config.ts';
import { catalogCheckRow } from '../../../../control/registration/check.ts';
import { healthCheck } from '../../../../control/registration/check-schema.ts';
import { serviceRow } from '../../../../control/registration/service.ts';
import { nodeService } from '../../../../control/registration/service-schema.ts';
import { decodeEntry } from '../../../../entries/decode.ts';
import type { EntryBase } from '../../../../entries/kind.ts';
import { entryKind } from '../../../../entries/table.ts';
import { parseSpiffeId } from '../../../../pki/spiffe.ts';
import { decodeGoJson } from '../../../../schema/go-json.ts';
import { fromJson } from '../../../../schema/located.ts';
import type { Decoded, Schema } from '../../../../schema/schema.ts';
import type { Answers, ConnectInstance, MatchedIntention } from './answers.ts';

/** A name that no node of a Consul has. */
const OWN_NODE = '(mesh connect proxy)';

/**
 * The configuration of the sidecar, by the same rules as an agent of mesh makes it: answers of a Consul are put into a small
 * registry, and that is compiled. Throws an Error when an answer is none.
 */
export function configOf(answers: Answers): Result<ProxyConfig, Diagnostic[]> {
  const { proxy, leaf, defaultAllow } = answers;
  const parsed = parseSpiffeId(leaf.ServiceURI);
  if (!parsed.ok) throw new Error(`the certificate is for ${leaf.ServiceURI}: ${parsed.error}`);
  const { trustDomain, datacenter } = parsed.id;
  const built = buildProxyConfig(mirror(answers, datacenter), `${datacenter}/${OWN_NODE}/${proxy.ID}`, {
    trustDomain,
    extraLoopback: false,
    defaultIntention: defaultAllow ? 'allow' : 'deny',
  });
  if (!built.ok || proxy.Port > 0) return built;
  // Without a port of its own it only calls others.
  const { inbound: _, ...value } = built.value;
  return { ok: true, value };
}

function mirror({ proxy, entries, intentions, instances }: Answers, dc: string): Snapshot {
  const node = { Node: OWN_NODE, ID: '', Address: '0.0.0.0', Datacenter: dc, TaggedAddresses: {}, Meta: {} };
  const ops: Op[] = [{ type: 'register', dc, node, services: [serviceOf(proxy, OWN_NODE)] }];
  for (const [key, items] of instances) {
    const datacenter = key.slice(0, key.indexOf('/'));
    for (const item of items) ops.push(registrationOf(item, datacenter));
  }
  const own = [...entries.values()].flat().map(entryOf);
  for (const entry of [...own, ...intentionEntries(intentions)]) ops.push({ type: 'put-entry', dc, entry });
  return ops.reduce((snapshot, op) => transact(snapshot, op).snapshot, emptySnapshot([dc]));
}

function registrationOf({ Node, Service: service, Checks }: ConnectInstance, dc: string): Op {
  const { Node: name, Address } = Node;
  const node = {
    Node: name,
    ID: '',
    Address,
    Datacenter: dc,
    TaggedAddresses: {},
    Meta: {},
    ...(Node.Locality ? { Locality: Node.Locality } : {}),
  };
  const checks = (Checks ?? []).map((check) => catalogCheckRow(decoded(check, healthCheck), name));
  return { type: 'register', dc, node: node as Extract<Op, { type: 'register' }>['node'], services: [serviceOf(service, name)], checks };
}

const serviceOf = (json: object, node: string): Unindexed<Service> => serviceRow(decoded(json, nodeService), node, 'service');

function decoded<S extends Schema>(json: object, schema: S): Decoded<S> {
  const result = decodeGoJson(fromJson(json), schema, { unknown: 'ignore' });
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function entryOf(json: object): EntryBase {
  const { entry, problems } = decodeEntry(fromJson(json));
  if (!entry) throw new Error(`a config entry can't be read: ${problems[0]?.summary}`);
  return entryKind(entry.Kind)!.normalize(entry);
}

/** As entries say it: one for the service, one for every service. */
function intentionEntries(matched: readonly MatchedIntention[]): EntryBase[] {
  const destinations = new Set(matched.map(({ DestinationName }) => DestinationName));
  return Array.from(destinations, (Name) => {
    const own = matched.filter(({ DestinationName }) => DestinationName === Name);
    const Sources = own.map(({ SourceName, Action, Permissions }) =>
      Permissions && Permissions.length > 0 ? { Name: SourceName, Permissions } : { Name: SourceName, Action },
    );
    return entryOf({ Kind: 'service-intentions', Name, Sources });
  });
}
