import { isDeepStrictEqual } from 'node:util';
import { caRoots } from '../../catalog/ca.ts';
import { entry } from '../../catalog/queries.ts';
import { datacenter, type Snapshot } from '../../catalog/snapshot.ts';
import type { Check, Service, StoredEntry } from '../../catalog/types.ts';
import type { ServiceIntentions, SourceIntention } from '../../entries/service-intentions.ts';
import type { Change } from '../registry.ts';
import type { Happened } from './history.ts';

/**
 * What a change of the catalog means to people. Nothing of it is secret: no output of checks, no values. It is asked at every write:
 * the cost is that of what has changed, however much there is.
 */
export function eventsOfChange({ before, after, changed }: Change): Happened[] {
  // A datacenter that comes or goes is no news of its services.
  const isKept = (dc: string): boolean => before.datacenters.has(dc) && after.datacenters.has(dc);
  const keys = [...changed].map((key) => key.split('/')).filter(([dc = '']) => isKept(dc));
  const withNodes = new Set(keys.flatMap(([dc = '', sort]) => (sort === 'node' ? [dc] : [])));
  return [
    ...keys.flatMap(([dc = '', sort, ...names]) => {
      if (sort === 'config') return eventsOfEntry(before, after, dc, names[0]!, names.slice(1).join('/'));
      return sort === 'ca' ? eventsOfRoots(before, after, dc) : [];
    }),
    ...[...withNodes].flatMap((dc) => [...eventsOfServices(before, after, dc), ...eventsOfChecks(before, after, dc)]),
  ];
}

function eventsOfEntry(before: Snapshot, after: Snapshot, dc: string, kind: string, name: string): Happened[] {
  const [old, present] = [before, after].map((s) => entry(s, dc, kind, name).value);
  if (kind === 'service-intentions') return eventsOfIntentions(old, present);
  const event = { kind: 'config', level: 'info' } as const;
  const { Name: named = name, ModifyIndex: index = after.index } = present ?? old ?? {};
  const subject = `${kind}/${named}`;
  if (!present) return old ? [{ ...event, subject, text: `${kind} ${named} was deleted`, data: { index: after.index } }] : [];
  if (old && isDeepStrictEqual(withoutIndexes(old), withoutIndexes(present))) return [];
  return [{ ...event, subject, text: `${kind} ${named} was ${old ? 'changed' : 'written'}`, data: { index } }];
}

const withoutIndexes = (stored: StoredEntry): object => ({ ...stored, CreateIndex: 0, ModifyIndex: 0 });

function eventsOfIntentions(old: StoredEntry | undefined, present: StoredEntry | undefined): Happened[] {
  const destination = present?.Name ?? old?.Name ?? '';
  const [was, is] = [old, present].map(
    (stored) => new Map(((stored as ServiceIntentions | undefined)?.Sources ?? []).map((from) => [keyOf(from), from])),
  );
  const event = (from: SourceIntention, what: string, level: Happened['level'] = 'info'): Happened => {
    const subject = `${from.Name} => ${destination}`;
    return { kind: 'intention', subject, text: `intention ${subject} ${what}`, level };
  };
  const gone = [...was!].filter(([key]) => !is!.has(key)).map(([, from]) => event(from, 'was deleted'));
  const kept = [...is!].flatMap(([key, from]) => {
    const former = was!.get(key);
    if (former && isDeepStrictEqual([former.Action, former.Permissions], [from.Action, from.Permissions])) return [];
    const count = from.Permissions?.length ?? 0;
    const does =
      count > 0 ? `decides by ${count === 1 ? 'one permission' : `${count} permissions`}` : from.Action === 'deny' ? 'denies' : 'allows';
    return [event(from, `${does}${former ? '' : ', and is new'}`)];
  });
  return [...gone, ...kept];
}

const keyOf = ({ Peer = '', Name }: SourceIntention): string => `${Peer}/${Name.toLowerCase()}`;

function eventsOfServices(before: Snapshot, after: Snapshot, dc: string): Happened[] {
  return datacenter(after, dc)
    .services.changesSince(datacenter(before, dc).services)
    .flatMap(({ before: old, after: present }): Happened[] => {
      const one = present ?? old;
      if (!one || (old && present) || !isOwn(one)) return [];
      const { ID: id, Service: name, Node: node } = one;
      const text = `an instance of ${name} has ${present ? 'come' : 'gone'}: ${id} on ${node}`;
      return [{ kind: 'service', subject: name, text, level: 'info', data: { id, node } }];
    });
}

/** A sidecar comes and goes with what it stands for. */
const isOwn = ({ Kind }: Service): boolean => Kind !== 'connect-proxy';

const LEVELS: Readonly<Record<string, Happened['level']>> = { passing: 'info', warning: 'warn', critical: 'error' };

function eventsOfChecks(before: Snapshot, after: Snapshot, dc: string): Happened[] {
  return datacenter(after, dc)
    .checks.changesSince(datacenter(before, dc).checks)
    .flatMap(({ before: old, after: check }): Happened[] => {
      if (!old || !check || check.Status === old.Status) return [];
      const text = `check ${JSON.stringify(check.Name)} of ${checkedBy(check)} is ${check.Status}, was ${old.Status}`;
      const data = { status: check.Status, was: old.Status, check: check.CheckID, node: check.Node };
      return [{ kind: 'health', subject: check.ServiceName || check.Node, text, level: LEVELS[check.Status] ?? 'info', data }];
    });
}

const checkedBy = ({ ServiceID, Node }: Check): string => (ServiceID === '' ? `node ${Node}` : ServiceID);

function eventsOfRoots(before: Snapshot, after: Snapshot, dc: string): Happened[] {
  const active = (s: Snapshot): string | undefined => caRoots(s, dc).value.find((root) => root.Active)?.ID;
  const [old, present] = [active(before), active(after)];
  if (old === undefined || present === undefined || old === present) return [];
  return [{ kind: 'certificate', subject: 'root', text: `the CA of ${dc} has a new root`, level: 'info', data: { id: present } }];
}
