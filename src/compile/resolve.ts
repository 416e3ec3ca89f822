import type { ChainDraft } from './chain-draft.ts';
import type { ChainTarget, ResolverNode } from './chain-model.ts';
import { serviceProtocol } from './protocol.ts';

const DEFAULT_CONNECT_TIMEOUT_MS = 5000;

/** Names a set of instances: what routes, splits, redirects and failovers lead to. */
export interface TargetName {
  readonly service: string;
  readonly datacenter: string;
}

/**
 * The resolver of a target, made on first use, or the message of a contradiction. Every service that a chain touches passes
 * here, so this is where protocols are compared.
 */
export function resolve(draft: ChainDraft, name: TargetName): { node: ResolverNode } | { message: string } {
  const target = targetOf(name, draft.request.trustDomain);
  const id = `resolver:${target.id}`;
  const known = draft.nodes.get(id);
  if (known?.type === 'resolver') return { node: known };
  const message = recordProtocol(draft, name.service);
  if (message !== undefined) return { message };
  const node: ResolverNode = { type: 'resolver', id, target: target.id, connectTimeoutMs: DEFAULT_CONNECT_TIMEOUT_MS, isDefault: true };
  draft.targets.set(target.id, target);
  draft.nodes.set(id, node);
  return { node };
}

function targetOf({ service, datacenter }: TargetName, trustDomain: string): ChainTarget {
  return {
    id: `${service}.default.default.${datacenter}`,
    service,
    datacenter,
    sni: `${service}.default.${datacenter}.internal.${trustDomain}`,
  };
}

function recordProtocol(draft: ChainDraft, service: string): string | undefined {
  const name = serviceProtocol(draft.snapshot, draft.request.dc, service);
  draft.protocol ??= { of: service, name };
  if (draft.protocol.name === name) return undefined;
  const chain = JSON.stringify(draft.request.service);
  return `discovery chain ${chain} uses inconsistent protocols; service ${JSON.stringify(service)} has "${name}" which is not "${draft.protocol.name}"`;
}
