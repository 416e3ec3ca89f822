import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Rendered } from './answer.ts';
import { compress } from './encoding.ts';

/** An answer with all of its headers, which may be sent many times. */
export class Outgoing {
  /** Bytes of the body. */
  readonly length: number;
  readonly #status: number;
  /** Text only if it is ASCII: Node writes that together with the headers. */
  readonly #body: string | Buffer;
  readonly #headers: readonly string[];
  readonly #isPacked: boolean;
  #gzipped: Buffer | undefined;

  constructor({ status, headers, body }: Rendered, always: OutgoingHttpHeaders) {
    this.#status = status;
    this.length = Buffer.byteLength(body);
    this.#body = this.length === body.length ? body : Buffer.from(body as string);
    this.#isPacked = headers['Content-Encoding'] !== undefined;
    this.#headers = flatten(headers, always);
  }

  /** `gzip`: the client takes it. `more` are headers of this one time. */
  send(response: ServerResponse, gzip: boolean, more: readonly string[] = []): void {
    const packed = gzip && this.length > 0 && !this.#isPacked ? (this.#gzipped ?? compress(this.#body)) : undefined;
    if (packed instanceof Promise) {
      packed.then(
        (body) => this.#writePacked(response, body, more),
        () => this.#write(response, this.#body, this.length, more),
      );
    } else if (packed) this.#writePacked(response, packed, more);
    else this.#write(response, this.#body, this.length, more);
  }

  #writePacked(response: ServerResponse, packed: Buffer, more: readonly string[]): void {
    this.#gzipped = packed;
    this.#write(response, packed, packed.length, [...more, 'Content-Encoding', 'gzip']);
  }

  #write(response: ServerResponse, body: string | Buffer, length: number, more: readonly string[]): void {
    if (response.destroyed) return;
    // Go names the connection only when it closes it; clients of HTTP/1.0 that keep it need the word.
    if (response.shouldKeepAlive && response.req.httpVersionMinor > 0) response.removeHeader('Connection');
    response.writeHead(this.#status, [...this.#headers, ...more, 'Content-Length', String(length)]);
    response.end(body, 'latin1');
  }
}

/** Names and values in turn; what the answer says itself comes before what all say. */
function flatten(own: OutgoingHttpHeaders, always: OutgoingHttpHeaders): string[] {
  const flat: string[] = [];
  const add = (name: string, value: OutgoingHttpHeaders[string]): void => {
    if (Array.isArray(value)) for (const one of value) flat.push(name, fieldValue(one));
    else if (value !== undefined) flat.push(name, fieldValue(String(value)));
  };
  for (const name in own) add(name, own[name]);
  for (const name in always) if (own[name] === undefined) add(name, always[name]);
  return flat;
}

/** As Go writes values that come from somebody's data: UTF-8, and no line breaks; Node refuses what else is no text, too. */
function fieldValue(text: string): string {
  if (/^[\t\x20-\x7e]*$/.test(text)) return text;
  return Buffer.from(text.replace(/\p{Cc}/gu, (control) => (control === '\t' ? control : ' '))).toString('latin1');
}
