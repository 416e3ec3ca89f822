/** What one look at this machine has shown. Only a `fail` keeps a mesh from running at all. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do about it, or what works without it. */
  readonly hint?: string;
}

export const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found });
export const warn = (name: string, found: string, hint: string): Finding => ({ name, state: 'warn', found, hint });
export const fail = (name: string, found: string, hint: string): Finding => ({ name, state: 'fail', found, hint });
