import { formatDuration, parseDuration } from '../../../base/duration.ts';
import type { Session, Unindexed } from '../../../catalog/types.ts';
import { any, goStruct, list, optional, string } from '../../../schema/schema.ts';
import type { Tuning } from '../../agent/tuning.ts';
import { HttpError } from '../answer.ts';
import type { ApiRequest } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

const serviceCheck = goStruct('structs.ServiceCheck', {
  ID: optional(string(), 'Id of the check.'),
  Namespace: optional(string(), 'Of Consul Enterprise.'),
});

const body = goStruct('struct { LockDelay interface {}; *structs.Alias }', {
  LockDelay: optional(any(), 'A duration such as `15s`, or nanoseconds; a number below 1000 is seconds.'),
  Node: optional(string(), 'Name of its node; the own one by default.'),
  Name: optional(string(), 'For people.'),
  Checks: optional(list(string()), 'An older name of NodeChecks.'),
  NodeChecks: optional(list(string()), 'Ids of checks that must not be critical; serfHealth by default.'),
  ServiceChecks: optional(list(serviceCheck), 'Checks of services on the node that must not be critical, either.'),
  Behavior: optional(string(), '`release` (default) or `delete`: what becomes of its keys when it ends.'),
  TTL: optional(string(), 'Within which it must be renewed, from 10s to 24h; for ever by default.'),
});

const DEFAULT_LOCK_DELAY_NS = 15e9;
/** Consul: smaller numbers were seconds once, and nobody means nanoseconds by them. */
const NANOSECONDS_FROM = 1000;
const TTL_MAX_NS = 24 * 3600e9;

/** The session that a body asks for. Throws what Consul says of one that can't be. */
export function readSession(
  request: ApiRequest,
  { nodeName: ownNode, tuning }: { readonly nodeName: string; readonly tuning: Tuning },
): Omit<Unindexed<Session>, 'ID'> {
  const given = readJsonBody(request, body, { unknown: 'ignore', empty: 'allow' });
  const { Node = ownNode, Name = '', Behavior = '', TTL = '', Checks, NodeChecks, ServiceChecks = [] } = given;
  const lockDelay = readLockDelay(given.LockDelay);
  if (Node === '') throw new HttpError(500, 'Must provide Node');
  if (Behavior !== '' && Behavior !== 'release' && Behavior !== 'delete')
    throw new HttpError(500, `Invalid Behavior setting '${Behavior}'`);
  requireTtl(TTL, tuning.sessionTtlMinMs * 1e6);
  return {
    Name,
    Node,
    LockDelay: lockDelay,
    Behavior: Behavior === '' ? 'release' : Behavior,
    TTL,
    NodeChecks: NodeChecks || Checks ? [...new Set([...(NodeChecks ?? []), ...(Checks ?? [])])] : ['serfHealth'],
    ServiceChecks: ServiceChecks.map(({ ID = '', Namespace = '' }) => ({ ID, Namespace })),
  };
}

function readLockDelay(given: unknown): number {
  if (typeof given === 'number') return given < NANOSECONDS_FROM ? given * 1e9 : given;
  if (typeof given !== 'string') return DEFAULT_LOCK_DELAY_NS;
  const parsed = parseDuration(given);
  if (!parsed.ok) throw new HttpError(400, `Request decode failed: ${parsed.error}`);
  return parsed.ns < NANOSECONDS_FROM ? parsed.ns * 1e9 : parsed.ns;
}

function requireTtl(ttl: string, minNs: number): void {
  if (ttl === '') return;
  const parsed = parseDuration(ttl);
  if (!parsed.ok) throw new HttpError(500, `Session TTL '${ttl}' invalid: ${parsed.error}`);
  if (parsed.ns === 0 || (parsed.ns >= minNs && parsed.ns <= TTL_MAX_NS)) return;
  const range = `[${formatDuration(minNs)}=${formatDuration(TTL_MAX_NS)}]`;
  throw new HttpError(500, `Invalid Session TTL '${parsed.ns}', must be between ${range}`);
}
