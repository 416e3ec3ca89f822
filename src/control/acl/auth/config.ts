import { formatDuration, parseDuration } from '../../../base/duration.ts';

/** Reads the `Config` of an auth method as Consul does: keys in any case, and an error for those that it does not know. */
export class MethodConfig {
  readonly #values = new Map<string, unknown>();

  constructor(config: Readonly<Record<string, unknown>>, known: readonly string[]) {
    const spelled = new Map(known.map((name) => [name.toLowerCase(), name]));
    const unknown: string[] = [];
    for (const [key, value] of Object.entries(config)) {
      const name = spelled.get(key.toLowerCase());
      if (name === undefined) unknown.push(key);
      else if (value !== null) this.#values.set(name, value);
    }
    if (unknown.length > 0) throw decoding(`'' has invalid keys: ${unknown.sort().join(', ')}`);
  }

  text(name: string): string {
    const value = this.#values.get(name) ?? '';
    if (typeof value !== 'string') throw decoding(`'${name}' expected type 'string', got unconvertible type '${typeof value}'`);
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.#values.get(name) ?? [];
    const list = Array.isArray(value) ? value : [value];
    if (!list.every((item) => typeof item === 'string')) throw decoding(`'${name}' expected a list of strings`);
    return list;
  }

  map(name: string): ReadonlyMap<string, string> {
    const value = this.#values.get(name) ?? {};
    const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value as object) : undefined;
    if (!entries?.every(([, target]) => typeof target === 'string')) throw decoding(`'${name}' expected a map of strings`);
    return new Map(entries as [string, string][]);
  }

  /** Seconds. 0 and nothing are the default, and what is below 0 is none. */
  seconds(name: string, byDefault: number): number {
    const value = this.#values.get(name) ?? 0;
    const parsed = typeof value === 'string' ? parseDuration(value) : { ok: true as const, ns: Number(value) };
    if (!parsed.ok || Number.isNaN(parsed.ns)) throw decoding(`error decoding '${name}': ${parsed.ok ? formatDuration(0) : parsed.error}`);
    return parsed.ns === 0 ? byDefault : Math.max(0, parsed.ns / 1e9);
  }
}

const decoding = (text: string): Error => new Error(`error decoding config: 1 error(s) decoding:\n\n* ${text}`);
