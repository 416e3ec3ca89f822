import type { Datacenter } from './datacenter.ts';
import type { Session } from './types.ts';
import { uuidProblem } from './uuid.ts';

/** What Consul says of an id that is none; undefined for one that is. It reads hexadecimal digits, wherever the hyphens are. */
export function sessionIdProblem(id: string): string | undefined {
  const problem = uuidProblem(id);
  return problem === undefined ? undefined : `failed session lookup: index error: ${problem}`;
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
