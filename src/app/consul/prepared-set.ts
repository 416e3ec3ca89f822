import { type Diagnostic, renderDiagnostic } from '../../base/diagnostic.ts';
import { prepareEntry } from '../../entries/decode.ts';
import type { EntryBase } from '../../entries/kind.ts';
import { consulErrorText } from '../../entries/problem.ts';
import { entryKind } from '../../entries/table.ts';
import type { Io } from '../io.ts';
import { Failure } from './command.ts';
import { originOf } from './entry-origin.ts';
import type { WrittenEntry } from './entry-set.ts';

export interface PreparedSet {
  readonly entries: readonly EntryBase[];
  /** Of each: see `originOf`. */
  readonly origins: readonly string[];
  /** What there is to say of what can be written all the same. */
  readonly warnings: readonly string[];
}

/** Decodes and validates them all. Throws a Failure that names everything that is wrong. */
export function prepareSet(written: readonly WrittenEntry[], io: Io): PreparedSet {
  const lines: string[] = [];
  const cautions: Diagnostic[] = [];
  const entries: EntryBase[] = [];
  const origins: string[] = [];
  const seen = new Map<string, string>();
  for (const { file, path, payload } of written) {
    const { entry, problems } = prepareEntry(payload);
    if (!entry) {
      const text = io.diagnostics
        ? problems.map((one) => renderDiagnostic(one)).join('\n')
        : `${file}: ${consulErrorText(problems).trimEnd()}`;
      lines.push(text);
      continue;
    }
    const key = `${entry.Kind}/${entry.Name}`;
    const earlier = seen.get(key.toLowerCase());
    if (earlier !== undefined) lines.push(`${file}: ${key} is there twice${earlier === file ? '' : `, first in ${earlier}`}`);
    seen.set(key.toLowerCase(), file);
    entries.push(entry);
    origins.push(originOf(path, payload));
    cautions.push(...problems);
  }
  if (lines.length > 0) throw new Failure(lines.join('\n'));
  const ofKinds = entries.flatMap((entry) => (entryKind(entry.Kind)?.warnings?.(entry) ?? []).map((text) => `WARNING: ${text}`));
  return { entries, origins, warnings: [...ofKinds, ...(io.diagnostics ? cautions.map((one) => renderDiagnostic(one)) : [])] };
}
