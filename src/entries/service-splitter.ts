import { type Decoded, float, list, object, optional, string, withDefault } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import { headerModifiers, headerProblems } from './header-modifiers.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { validateMeta } from './meta.ts';
import { caution, type Problem, problem } from './problem.ts';

const split = object({
  Weight: withDefault(float(), 0, 'Percent of the requests, in steps of 0.01.'),
  Service: optional(string(), 'Service to call; the own one by default.'),
  ServiceSubset: optional(string(), 'Subset of its instances; such a part is not split any further.'),
  RequestHeaders: optional(headerModifiers, 'Edits of the headers of the request.'),
  ResponseHeaders: optional(headerModifiers, 'Edits of the headers of the answer.'),
});

const schema = object({ Splits: optional(list(split), 'The parts; their weights add up to 100.') });

export type ServiceSplitter = EntryBase & Decoded<typeof schema>;
export type ServiceSplit = Decoded<typeof split>;
/** For what shows a split: `fieldsToJson`. */
export const splitSchema = split;

/** Consul: the smallest part is 0.01 percent. It computes in 32 bits, which decides where a half rounds to. */
export function normalWeight(weight: number): number {
  return scaled(weight) / 100;
}

const scaled = (weight: number): number => Math.sign(weight) * Math.round(Math.abs(Math.fround(Math.fround(weight) * 100)));

export const serviceSplitter: EntryKind<ServiceSplitter> = {
  kind: 'service-splitter',
  schema,
  normalize: (entry) => {
    const splits = entry.Splits?.map((one) => ({ ...one, Weight: normalWeight(one.Weight ?? 0) }));
    return canonicalEntry({ ...entry, ...(splits ? { Splits: splits } : {}) }, schema);
  },
  validate,
  references: (entry) => {
    const services = (entry.Splits ?? []).map(({ Service }) => Service || entry.Name);
    return [...new Set([entry.Name, ...services])].map((service) => ({ service }));
  },
};

function validate(entry: ServiceSplitter): Problem[] {
  const found: Problem[] = [];
  const alone = (path: string, text: string): unknown => found.push(problem('alone', path, text));
  const splits = entry.Splits ?? [];
  if (entry.Name === '') alone('Name', 'Name is required');
  if (splits.length === 0) alone('Splits', 'no splits configured');
  found.push(...validateMeta(entry));
  const seen = new Set<string>();
  splits.forEach((one, i) => {
    const key = `service=${JSON.stringify(one.Service || entry.Name)}, subset=${JSON.stringify(one.ServiceSubset ?? '')}`;
    // Consul compares its structs: with headers to edit, no two are the same.
    if (one.RequestHeaders || one.ResponseHeaders) return;
    if (seen.has(key)) alone(`Splits[${i}]`, `split destination occurs more than once: ${key}, namespace="", partition=""`);
    seen.add(key);
  });
  const sum = splits.reduce((total, one) => total + scaled(one.Weight), 0);
  if (splits.length > 0 && sum !== 10_000) alone('Splits', `the sum of all split weights must be 100, not ${(sum / 100).toFixed(6)}`);
  splits.forEach((one, i) => {
    if (one.Weight < 0) alone(`Splits[${i}].Weight`, `Splits[${i}].Weight must be between 0 and 100, not ${one.Weight}`);
    for (const field of ['RequestHeaders', 'ResponseHeaders'] as const) {
      for (const { text, allowed } of headerProblems(one[field])) {
        const at = `Splits[${i}].${field}`;
        found.push(allowed ? caution(at, `${at}.${text}`) : problem('alone', at, `${at}.${text}`));
      }
    }
  });
  return found;
}
