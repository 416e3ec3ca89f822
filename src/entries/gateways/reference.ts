import { type Decoded, list, object, optional, string, withDefault } from '../../schema/schema.ts';
import { nullable } from '../fields.ts';
import { type Problem, problem } from '../problem.ts';

/** Another config entry, or a part of it. */
export const reference = object({
  Kind: withDefault(string(), '', 'Kind of the entry.'),
  Name: withDefault(string(), '', 'Name of the entry.'),
  SectionName: withDefault(string(), '', 'Which part of it: the listener of a gateway; empty: any.'),
});

export type Reference = Decoded<typeof reference>;

const condition = object({
  Type: withDefault(string(), '', 'Accepted, Bound, Conflicted or ResolvedRefs.'),
  Status: withDefault(string(), '', 'True, False or Unknown.'),
  Reason: withDefault(string(), '', 'Why, in one word.'),
  Message: withDefault(string(), '', 'Why, in words.'),
  Resource: optional(reference, 'What it is about, if not the whole entry.'),
  LastTransitionTime: optional(string(), 'Since when, as RFC 3339.'),
});

/** What the agent found out about an entry. Whoever writes the entry can't set it. */
export const status = object({ Conditions: nullable(list(condition), 'What is so, and why.') });

export type Condition = Decoded<typeof condition>;
export type Status = Decoded<typeof status>;

export const parents = nullable(list(reference), 'Gateways that the route wants to be bound to, or one listener each.');

/** Consul: what is said without a kind is the usual kind. */
export const withKind = (references: readonly Reference[] | undefined, kind: string): Reference[] | undefined =>
  references?.map((one) => ({ ...one, Kind: one.Kind || kind }));

export function validateParents(given: readonly Reference[] = []): Problem[] {
  const seen = new Set<string>();
  return given.flatMap((parent, i) => {
    const alone = (text: string, field = ''): Problem => problem('alone', `Parents[${i}]${field}`, text);
    if (parent.Kind !== 'api-gateway') {
      return [alone(`unsupported parent kind: ${JSON.stringify(parent.Kind)}, must be 'api-gateway'`, '.Kind')];
    }
    const key = JSON.stringify([parent.Name, parent.SectionName ?? '']);
    const known = seen.has(key);
    seen.add(key);
    return known ? [alone('route parents must be unique')] : [];
  });
}
