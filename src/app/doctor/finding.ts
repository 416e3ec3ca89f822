import type { FindingCode, FindingSubject } from '../../api/finding.ts';

/** What one look has shown. Only a `fail` keeps something from working. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do about it, or what works without it. */
  readonly hint?: string;
  /** Of what the agent says of its mesh: see `src/api/finding.ts`. */
  readonly code?: FindingCode;
  readonly about?: FindingSubject & { readonly datacenter: string; readonly path?: string };
}

/** Findings of one sort, as they are shown together. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found });
export const warn = (name: string, found: string, hint: string): Finding => ({ name, state: 'warn', found, hint });
export const fail = (name: string, found: string, hint: string): Finding => ({ name, state: 'fail', found, hint });
