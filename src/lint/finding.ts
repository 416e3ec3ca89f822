import type { Finding, FindingSubject } from '../api/finding.ts';
import { shellWord } from '../base/shell-word.ts';
import type { EntryBase } from '../entries/kind.ts';

export const ofEntry = ({ Kind, Name }: Pick<EntryBase, 'Kind' | 'Name'>): FindingSubject => ({ kind: Kind, name: Name });
export const ofService = (name: string): FindingSubject => ({ kind: 'service', name });

/** `mesh config delete …` of an entry. */
export function deleteCommand({ Kind, Name }: Pick<EntryBase, 'Kind' | 'Name'>): string {
  return `mesh config delete -kind ${Kind} -name ${shellWord(Name)}`;
}

/** Writes an entry with some fields changed: everything else of it stays. */
export function writeCommand(entry: EntryBase, changed: object): string {
  const { CreateIndex: _, ModifyIndex: __, ...kept } = entry as EntryBase & { CreateIndex?: number; ModifyIndex?: number };
  const said = Object.entries({ ...kept, ...changed }).filter(([, value]) => JSON.stringify(value) !== '{}');
  return `echo ${shellWord(JSON.stringify(Object.fromEntries(said)))} | mesh config write -`;
}

/** The worst first, then by datacenter, subject and text. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const key = ({ severity, datacenter, about, summary }: Finding): string =>
    [severity === 'error' ? 0 : 1, datacenter, about.name, about.kind, summary].join('\n');
  const keyed = findings.map((finding) => [key(finding), finding] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, finding]) => finding);
}
