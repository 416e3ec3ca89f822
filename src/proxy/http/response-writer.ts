import type { Fields } from '../http1/fields.ts';
import type { Framing } from '../http1/framing.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import { type FieldEdits, writeResponseHead, writeTrailers } from '../http1/write.ts';
import type { GatheredWrites } from '../socket/gathered-writes.ts';

const NONE: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSE: Framing = { kind: 'until-close' };

/** Writes responses to one HTTP/1 client, one after the other. */
export class ResponseWriter {
  /** Whether the client has been told that the connection goes on after the present response. */
  keepAlive = true;
  readonly #out: GatheredWrites;
  #framing: Framing = NONE;

  constructor(out: GatheredWrites) {
    this.#out = out;
  }

  /** 1xx. Of 101 `upgrade` says what to. */
  interim(request: RequestHead, head: ResponseHead, upgrade?: string, edits?: FieldEdits): void {
    this.#out.text(writeResponseHead(head, { framing: NONE, close: false, clientMinor: request.minor, upgrade, edits }));
  }

  /** `keepAlive`: as far as anything but the framing is concerned. */
  head(request: RequestHead, head: ResponseHead, keepAlive: boolean, edits: FieldEdits | undefined): void {
    const { minor } = request;
    const untilClose = head.framing.kind === 'chunked' || head.framing.kind === 'until-close';
    const framing: Framing = !untilClose ? head.framing : minor === 1 ? CHUNKED : UNTIL_CLOSE;
    this.#framing = framing;
    this.keepAlive = keepAlive && framing.kind !== 'until-close';
    this.#out.text(writeResponseHead(head, { framing, close: !this.keepAlive, clientMinor: minor, edits }));
  }

  data(data: Buffer): boolean {
    return this.#framing.kind === 'chunked' ? this.#out.chunk(data) : this.#out.data(data);
  }

  end(trailers: Fields): void {
    if (this.#framing.kind === 'chunked') this.#out.text(writeTrailers(trailers));
    this.#out.flush();
  }
}
