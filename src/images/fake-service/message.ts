import type { Behaviour } from './version.ts';

/**
 * MESSAGE as the JSON text of a response's `body`. Before v0.10 it is a string, whatever it says. Since then one that starts
 * with `{` is JSON, and anything else stands between quotes with its backslashes meaning what they mean in JSON; where
 * that gives no valid string (the original crashes on every request), it is escaped.
 */
export function messageBody(message: string, behaviour: Pick<Behaviour, 'rawBody'>): { body: string; error?: string } {
  const escaped = JSON.stringify(message);
  if (!behaviour.rawBody) return { body: escaped };
  if (!message.startsWith('{')) return { body: problemOf(`"${message}"`) === undefined ? `"${message}"` : escaped };
  const problem = problemOf(message);
  if (problem === undefined) return { body: message };
  return { body: escaped, error: `MESSAGE starts with "{", so it must be JSON, but: ${problem}` };
}

/** Why a text isn't one JSON value. */
function problemOf(json: string): string | undefined {
  try {
    JSON.parse(json);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
