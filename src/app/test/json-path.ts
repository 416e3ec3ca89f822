import { JSONPath } from 'jsonpath-plus';
import { messageOf } from '../../base/errors.ts';
import type { Result } from '../../base/result.ts';
import type { Json } from '../../schema/located.ts';

/**
 * What kubectl's notation finds (`{.Config.Env}`, `{.NetworkSettings.Ports['8500/tcp'][0].HostPort}`), as text: strings as they
 * are, anything else as JSON, several values with blanks between them. Undefined when there is nothing. Filters (`?(@.x == 1)`)
 * are computed without running code.
 */
export function readJsonPath(path: string, json: Json): Result<string | undefined, string> {
  const [, inner] = /^\{([^{}]*)\}$/.exec(path.trim()) ?? [];
  const expression = (inner ?? path).trim();
  if (!/^[.[$]/.test(expression)) return { ok: false, error: 'it has the form {.Config.Env}' };
  try {
    const found = JSONPath<Json[]>({
      path: expression.startsWith('$') ? expression : `$${expression}`,
      json: json as object,
      wrap: true,
      eval: 'safe',
    });
    return { ok: true, value: found.length === 0 ? undefined : found.map(textOf).join(' ') };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
