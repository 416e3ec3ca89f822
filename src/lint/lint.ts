import type { Finding } from '../api/finding.ts';
import { type Diagnostic, errorAt, warningAt } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';
import { emptySnapshot } from '../catalog/snapshot.ts';
import { transact } from '../catalog/transact.ts';
import { decodeEntry, prepareEntry } from '../entries/decode.ts';
import type { EntryBase } from '../entries/kind.ts';
import { entryKind } from '../entries/table.ts';
import type { LocatedMap } from '../schema/located.ts';
import { entryFindings } from './findings.ts';

const DC = 'dc1';

/** An entry that can be written, with where its values stand. */
interface Written {
  readonly entry: EntryBase;
  /** As written: lists in the order of the file. */
  readonly given: EntryBase | undefined;
  readonly ranges: ReadonlyMap<string, Range>;
  readonly whole: Range | undefined;
}

export interface Linted {
  /** How many of them can be written. */
  readonly valid: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Judges config entries, each for itself and all together: what would be refused, what does nothing, what is nearly a name. */
export function lintEntries(payloads: readonly LocatedMap[]): Linted {
  const diagnostics: Diagnostic[] = [];
  const written = new Map<string, Written>();
  for (const payload of payloads) {
    const { entry, problems } = prepareEntry(payload);
    diagnostics.push(...problems);
    if (!entry) continue;
    const { entry: given, ranges } = decodeEntry(payload);
    const one: Written = { entry, given, ranges, whole: payload.range };
    const key = keyOf(entry.Kind, entry.Name);
    const earlier = written.get(key);
    if (earlier) diagnostics.push(twice(one, earlier));
    else written.set(key, one);
    for (const text of entryKind(entry.Kind)?.warnings?.(entry) ?? []) diagnostics.push(warningAt(placeOf(one, 'Name'), text));
  }
  let snapshot = emptySnapshot([DC]);
  for (const { entry } of written.values()) snapshot = transact(snapshot, { type: 'put-entry', dc: DC, entry }).snapshot;
  for (const finding of entryFindings(snapshot)) {
    const { kind, name } = finding.about;
    diagnostics.push(diagnosticOf(finding, written.get(keyOf(kind, name))));
  }
  return { valid: written.size, diagnostics };
}

const keyOf = (kind: string, name: string): string => `${kind}/${name.toLowerCase()}`;

function twice(one: Written, earlier: Written): Diagnostic {
  const { Kind, Name } = one.entry;
  const first = placeOf(earlier, 'Name');
  const related = first ? { related: { range: first, message: 'first given here' } } : {};
  return errorAt(placeOf(one, 'Name'), `${Kind}/${Name} is there twice`, { hint: 'make one entry of both, or rename one', ...related });
}

function diagnosticOf({ severity, summary, fix, path }: Finding, about: Written | undefined): Diagnostic {
  const subject = about && placeOf(about, path ?? 'Name');
  const more = { hint: fix, ...(path === undefined ? {} : { path }) };
  return severity === 'error' ? errorAt(subject, summary, more) : warningAt(subject, summary, more);
}

/** The innermost value on a path that was written. `Sources[web]` is the one of that name. */
function placeOf({ ranges, given, whole }: Written, path: string): Range | undefined {
  let subject = ranges.get('Name') ?? whole;
  let at = '';
  let value: unknown = given;
  for (const step of path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? []) {
    const key = step.replace(/^\[|\]$/g, '');
    const named = Array.isArray(value) ? value.findIndex((item) => (item as { Name?: unknown } | undefined)?.Name === key) : -1;
    const real = named === -1 ? key : String(named);
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[real] : undefined;
    at += step.startsWith('[') ? `[${real}]` : at === '' ? step : `.${step}`;
    subject = ranges.get(at) ?? subject;
  }
  return subject;
}
