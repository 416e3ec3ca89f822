import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Rendered } from './answer.ts';
import { compress } from './encoding.ts';

/** An answer with all of its headers, which may be sent many times. */
export class Outgoing {
  readonly status: number;
  readonly body: Buffer;
  readonly #headers: readonly string[];
  #gzipped: Buffer | undefined;

  constructor(rendered: Rendered, always: OutgoingHttpHeaders) {
    this.status = rendered.status;
    this.body = rendered.body;
    this.#headers = flatten({ ...always, ...rendered.headers });
  }

  /** `gzip`: the client takes it. `more` are headers of this one time. */
  send(response: ServerResponse, gzip: boolean, more: readonly string[] = []): void {
    const packed = gzip && this.body.length > 0 ? (this.#gzipped ?? compress(this.body)) : undefined;
    if (packed instanceof Promise) {
      packed.then(
        (body) => this.#writePacked(response, body, more),
        () => this.#write(response, this.body, more),
      );
    } else if (packed) this.#writePacked(response, packed, more);
    else this.#write(response, this.body, more);
  }

  #writePacked(response: ServerResponse, packed: Buffer, more: readonly string[]): void {
    this.#gzipped = packed;
    this.#write(response, packed, [...more, 'Content-Encoding', 'gzip']);
  }

  #write(response: ServerResponse, body: Buffer, more: readonly string[]): void {
    if (response.destroyed) return;
    // Go names the connection only when it closes it; clients of HTTP/1.0 that keep it need the word.
    if (response.shouldKeepAlive && response.req.httpVersionMinor > 0) response.removeHeader('Connection');
    response.writeHead(this.status, [...this.#headers, ...more, 'Content-Length', String(body.length)]);
    response.end(body);
  }
}

function flatten(headers: OutgoingHttpHeaders): string[] {
  const flat: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) flat.push(name, String(one));
  }
  return flat;
}
