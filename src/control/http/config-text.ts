import { isDeepStrictEqual } from 'node:util';
import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import { decodeEntry, prepareEntry } from '../../entries/decode.ts';
import { entryToJson } from '../../entries/json.ts';
import type { EntryBase } from '../../entries/kind.ts';
import { entryKind } from '../../entries/table.ts';
import { writtenForm } from '../../entries/written.ts';
import { decodeConsulText, writeHcl1 } from '../../hcl/hcl1/index.ts';

/** Config entries as text that people edit. A file of its own in what is built: few agents ever read one. */

export interface ReadEntry {
  /** Empty where it can't be read. */
  readonly kind: string;
  readonly name: string;
  /** Normalized and valid; undefined when there is an error among the diagnostics. */
  readonly entry: EntryBase | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** One entry in Consul's HCL, or in JSON. */
export function readEntryText(source: Source): ReadEntry {
  const { value, diagnostics } = decodeConsulText(source);
  const decoded = decodeEntry(value);
  const named = { kind: decoded.entry?.Kind ?? '', name: decoded.entry?.Name ?? '' };
  // What follows from a text that was not understood would only hide why.
  if (hasErrors(diagnostics)) return { ...named, entry: undefined, diagnostics };
  const { entry, problems } = prepareEntry(value);
  return { ...named, ...(entry ? { name: entry.Name } : {}), entry, diagnostics: [...diagnostics, ...problems] };
}

/** A normalized entry as HCL that reads back as the same; as JSON if HCL has no way to say it. */
export function entryText(stored: EntryBase & { readonly CreateIndex?: number; readonly ModifyIndex?: number }): string {
  const { CreateIndex: _, ModifyIndex: __, ...entry } = stored;
  const text = writeHcl1(writtenForm(entry));
  const { value, diagnostics } = decodeConsulText({ name: 'entry', text });
  const back = hasErrors(diagnostics) ? undefined : decodeEntry(value).entry;
  const same = back && isDeepStrictEqual(entryToJson(entryKind(back.Kind)!.normalize(back)), entryToJson(entry));
  return same ? text : `${JSON.stringify(entryToJson(entry), undefined, 2)}\n`;
}
