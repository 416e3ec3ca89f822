/** A longer body goes on its way once; a request with it isn't sent again. Envoy: per_request_buffer_limit. */
const MAX_KEPT_BYTES = 64 * 1024;

/** The body of one request: what came before there was a connection to send it on and, if asked to, all of it for another attempt. */
export class HeldBody {
  /** A byte has gone to an upstream. */
  sent = false;
  /** A byte that has gone to an upstream isn't here any more. */
  lost = false;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #keep = false;

  keep(): void {
    this.#keep = true;
  }

  /** `sent`: the piece goes to an upstream now, as all before it have. */
  add(piece: Buffer, sent: boolean): void {
    if (sent) this.sent = true;
    if (!sent || this.#keep) {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
    } else this.lost = true;
    if (sent) this.#forget();
  }

  /** All that is here. */
  get pieces(): readonly Buffer[] {
    return this.#pieces;
  }

  /** All that is here, to be sent now. */
  take(): readonly Buffer[] {
    const pieces = this.#pieces;
    if (pieces.length > 0) this.sent = true;
    this.#forget();
    return pieces;
  }

  /** It will not be sent again. */
  letGo(): void {
    this.#keep = false;
    this.#forget();
  }

  #forget(): void {
    if (this.#keep && this.#bytes <= MAX_KEPT_BYTES) return;
    this.#keep = false;
    if (this.#pieces.length > 0) this.lost = true;
    this.#pieces = [];
    this.#bytes = 0;
  }
}
