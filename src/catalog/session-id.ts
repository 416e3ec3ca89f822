import type { Datacenter } from './datacenter.ts';
import type { Session } from './types.ts';

/** What Consul says of an id that is none; undefined for one that is. It reads hexadecimal digits, wherever the hyphens are. */
export function sessionIdProblem(id: string): string | undefined {
  const problem = uuidProblem(id);
  return problem === undefined ? undefined : `failed session lookup: index error: ${problem}`;
}

/** What go-memdb says of a text that is no UUID; undefined for one that is. */
export function uuidProblem(id: string): string | undefined {
  if (Buffer.byteLength(id) !== 36) return 'UUID must be 36 characters';
  const digits = id.replaceAll('-', '');
  const hyphens = id.length - digits.length;
  if (hyphens > 4) return `UUID should have maximum of 4 "-"; got ${hyphens}`;
  if (digits.length % 2 !== 0) return 'Input (without hyphens) must be even length';
  const bad = /[^\dA-Fa-f]/u.exec(digits)?.[0];
  if (bad === undefined) return undefined;
  const code = bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `Invalid UUID: encoding/hex: invalid byte: U+${code} '${bad}'`;
}

/** The session that is to hold a key, or why it can't. */
export function requireSession(
  tables: Datacenter,
  id: string,
): { session: string; error?: undefined } | { session?: undefined; error: string } {
  if (id === '') return { error: 'missing session' };
  const problem = sessionIdProblem(id);
  if (problem !== undefined) return { error: problem };
  const found = findSession(tables, id);
  return found ? { session: found.ID } : { error: `invalid session ${JSON.stringify(id)}` };
}

export function findSession(tables: Datacenter, id: string): Session | undefined {
  return tables.sessions.get(id.toLowerCase());
}
