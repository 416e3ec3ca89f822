import type { Diagnostic } from '../../base/diagnostic.ts';
import { errorHere, type Place, under } from '../../schema/place.ts';
import type { HttpGet } from './probe-schema.ts';

/** What a probe or a hook runs; reports an empty command. `at`: of the probe or hook. */
export function execAction(
  { command }: { readonly command: readonly string[] },
  at: Place,
  what: 'probe' | 'hook',
  out: Diagnostic[],
): { type: 'exec'; command: readonly string[] } | undefined {
  if (command.length > 0) return { type: 'exec', command };
  out.push(errorHere(under(at, 'exec', 'command'), `the command of a ${what} is empty`));
  return undefined;
}

/** What a probe or a hook asks for: a path always begins with a slash. */
export const requestOf = ({ path, httpHeaders }: HttpGet): { path: string; headers: Record<string, string> } => ({
  path: path.startsWith('/') ? path : `/${path}`,
  headers: Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])),
});
