import { normalizePath } from './path.ts';
import type { MatchedRequest } from './request.ts';

/** A request as routes look at it; each part is worked out when the first of them asks. Values are bytes as latin1. */
export class RequestView {
  readonly head: MatchedRequest;
  #path: string | undefined;
  #parameters: ReadonlyMap<string, string> | undefined;

  /** `path` is what its path is taken for; by default its normal form. */
  constructor(head: MatchedRequest, path?: string) {
    this.head = head;
    this.#path = path;
  }

  /** Without the query. */
  get path(): string {
    this.#path ??= normalizePath(this.head.path);
    return this.#path;
  }

  /** All lines of a field joined by commas; undefined when there is none. `name` is in lower case, or one of HTTP/2's: `:authority`. */
  header(name: string): string | undefined {
    if (name === 'host' || name === ':authority') return this.head.host;
    if (name === ':method') return this.head.method;
    if (name === ':path') return this.head.target;
    if (name === ':scheme') return 'http';
    const { list } = this.head.fields;
    let value: string | undefined;
    for (let i = 0; i < list.length; i += 2) {
      const field = list[i]!;
      if (field.length !== name.length || field.toLowerCase() !== name) continue;
      value = value === undefined ? list[i + 1]! : `${value},${list[i + 1]!}`;
    }
    return value;
  }

  /** A query parameter without its escapes; of several with one name the first, as in Envoy. */
  parameter(name: string): string | undefined {
    this.#parameters ??= readQuery(this.head.target.slice(this.head.path.length + 1));
    return this.#parameters.get(name);
  }
}

function readQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!parameters.has(name)) parameters.set(name, Buffer.from(value).toString('latin1'));
  }
  return parameters;
}
