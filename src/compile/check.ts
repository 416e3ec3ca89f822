import { entries, entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Op } from '../catalog/types.ts';
import type { IngressGateway } from '../entries/gateways/ingress-gateway.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { ServiceIntentions } from '../entries/service-intentions.ts';
import { compileChain } from './chain.ts';
import type { Chain, GraphError } from './chain-model.ts';
import { exportedToPeers, exportProblem } from './check-exports.ts';
import { gatewayClash, ingressProtocols, missingTokenIssuers, permissionsOverBytes, permissiveMode } from './check-rules.ts';
import { isChainKind, linkIndex } from './links.ts';

/** A write or a delete of a config entry. */
export type EntryWrite = Op & { readonly type: 'put-entry' | 'delete-entry' };

/** What changes of one datacenter concern, each once. */
export interface Concern {
  /** Services whose chains must compile. */
  readonly chains: Set<string>;
  /** By name; true: it was written itself, and must match exactly. */
  readonly ingresses: Map<string, boolean>;
  /** Destinations of intentions. */
  readonly intentions: Set<string>;
}

/**
 * Whether the entries still fit together after writes and deletes: Consul refuses them when a chain that they concern would no
 * longer compile, or a gateway or intentions would contradict it. Several changes are judged by what they lead to together,
 * so that a protocol can change along with what it is used for. `after` is the tentative snapshot, with the operations applied;
 * on an error it must be dropped. Only what the changed entries are linked to is looked at.
 */
export function checkEntryChanges(before: Snapshot, after: Snapshot, ops: readonly EntryWrite[]): GraphError[] {
  return [...new Set(ops.map(({ dc }) => dc))].flatMap((dc) => {
    const own = ops.filter((op) => op.dc === dc);
    const alone = own.flatMap((op) => (op.type === 'put-entry' ? checkAlone(before, after, dc, op.entry) : []));
    return [...alone, ...checkConcerned(after, dc, concernOf(after, dc, own))];
  });
}

/** What must be there for an entry, or must not. */
function checkAlone(before: Snapshot, after: Snapshot, dc: string, written: EntryBase): GraphError[] {
  const messages = [gatewayClash(after, dc, written), permissiveMode(before, after, dc, written), missingTokenIssuers(after, dc, written)];
  return messages.filter((message) => message !== undefined).map((message) => ({ service: written.Name, message }));
}

/** Which entries have to be looked at after changes of one datacenter. */
export function concernOf(after: Snapshot, dc: string, ops: readonly EntryWrite[]): Concern {
  const concern: Concern = { chains: new Set(), ingresses: new Map(), intentions: new Set() };
  const ingress = (name: string, strict: boolean): unknown => concern.ingresses.set(name, strict || (concern.ingresses.get(name) ?? false));
  let linkingTo: ReturnType<typeof linkIndex> | undefined;
  for (const op of ops) {
    const { Kind: kind, Name: name }: EntryBase = op.type === 'put-entry' ? op.entry : { Kind: op.kind, Name: op.name };
    if (kind === 'proxy-defaults') {
      for (const other of entries(after, dc).value) {
        if (isChainKind(other.Kind)) concern.chains.add(other.Name);
        if (other.Kind === 'ingress-gateway') ingress(other.Name, false);
        if (other.Kind === 'service-intentions') concern.intentions.add(other.Name);
      }
    } else if (isChainKind(kind) || kind === 'service-defaults') {
      concern.chains.add(name);
      concern.intentions.add(name);
      linkingTo ??= linkIndex(after, dc);
      for (const linked of linkingTo(name)) {
        if (linked.kind === 'ingress-gateway') ingress(linked.name, false);
        else concern.chains.add(linked.name);
      }
    } else if (op.type === 'put-entry') {
      if (kind === 'ingress-gateway') ingress(name, true);
      if (kind === 'service-intentions') concern.intentions.add(name);
      if (kind === 'exported-services') for (const service of exportedToPeers(after, dc)) concern.chains.add(service);
    }
  }
  return concern;
}

function checkConcerned(after: Snapshot, dc: string, { chains, ingresses, intentions }: Concern): GraphError[] {
  const errors: GraphError[] = [];
  const known = new Map<string, Chain | undefined>();
  const chainOf = (service: string): Chain | undefined => {
    const key = service.toLowerCase();
    if (known.has(key)) return known.get(key);
    // SNIs are not looked at here, so any trust domain serves.
    const compiled = compileChain(after, { dc, service, trustDomain: '' });
    if (!compiled.ok) errors.push(compiled.error);
    known.set(key, compiled.ok ? compiled.value : undefined);
    return known.get(key);
  };
  for (const service of chains) {
    chainOf(service);
    const message = exportProblem(after, dc, service);
    if (message !== undefined) errors.push({ service, message });
  }
  for (const [name, strict] of ingresses) {
    const gateway = entry(after, dc, 'ingress-gateway', name).value as IngressGateway | undefined;
    if (gateway) errors.push(...ingressProtocols(gateway, strict, chainOf));
  }
  for (const name of intentions) {
    const entryOfName = entry(after, dc, 'service-intentions', name).value as ServiceIntentions | undefined;
    if (entryOfName) errors.push(...permissionsOverBytes(entryOfName, chainOf));
  }
  return errors;
}
