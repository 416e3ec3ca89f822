import type { Endpoint, Method } from './endpoint.ts';

export interface Match {
  readonly endpoint: Endpoint;
  readonly params: readonly string[];
}

/** What a path leads to: nothing, a redirect to itself with a slash, or the methods it has. */
export type Routed =
  | { readonly type: 'none' }
  | { readonly type: 'redirect'; readonly to: string }
  | { readonly type: 'path'; readonly methods: readonly Method[]; find(method: string): Match | undefined };

interface Path {
  readonly prefix: string;
  readonly params: number;
  readonly endpoints: Endpoint[];
}

/**
 * Go's ServeMux, whose rules Consul's clients know: a path without parameters matches exactly, one with parameters by its
 * longest prefix, and the last parameter takes what is left, slashes included. A missing parameter is the empty string.
 * (find-my-way takes 12 ms to load, bundled; these tables take none.)
 */
export class Router {
  readonly #exact = new Map<string, Path>();
  readonly #prefixes: Path[] = [];

  constructor(endpoints: readonly Endpoint[]) {
    for (const endpoint of endpoints) {
      const colon = endpoint.path.indexOf(':');
      const prefix = colon === -1 ? endpoint.path : endpoint.path.slice(0, colon);
      const params = endpoint.path.split('/').filter((part) => part.startsWith(':')).length;
      const known = params === 0 ? this.#exact.get(prefix) : this.#prefixes.find((path) => path.prefix === prefix);
      if (known) {
        known.endpoints.push(endpoint);
        continue;
      }
      const path = { prefix, params, endpoints: [endpoint] };
      if (params === 0) this.#exact.set(prefix, path);
      else this.#prefixes.push(path);
    }
    this.#prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  route(path: string): Routed {
    const exact = this.#exact.get(path);
    if (exact) return found(exact, []);
    const prefixed = this.#prefixes.find((candidate) => path.startsWith(candidate.prefix));
    if (prefixed) return found(prefixed, splitParams(path.slice(prefixed.prefix.length), prefixed.params));
    const slashed = `${path}/`;
    return this.#prefixes.some((candidate) => candidate.prefix === slashed) ? { type: 'redirect', to: slashed } : { type: 'none' };
  }
}

function found(path: Path, params: readonly string[]): Routed {
  return {
    type: 'path',
    methods: path.endpoints.map((endpoint) => endpoint.method),
    find: (method) => {
      const endpoint = path.endpoints.find((candidate) => candidate.method === method);
      return endpoint && { endpoint, params };
    },
  };
}

/** `splitParams('a/b/c', 2)` is `['a', 'b/c']`. */
function splitParams(rest: string, count: number): string[] {
  const parts = rest.split('/');
  const params = parts.slice(0, count - 1);
  params.push(parts.slice(count - 1).join('/'));
  while (params.length < count) params.push('');
  return params;
}
