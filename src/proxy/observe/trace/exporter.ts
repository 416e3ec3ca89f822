import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { messageOf } from '../../../base/errors.ts';
import type { Tracing } from '../../../compile/proxy-config.ts';
import type { Abroad } from '../../environment.ts';
import { encodeSpans } from './encode.ts';
import type { Span } from './span.ts';

const FLUSH_MS = 500;
const BATCH = 512;
/** Spans that wait for a collector; what comes above that is dropped and counted. */
const MAX_WAITING = 4_096;
const ANSWER_MS = 5_000;
/** How long spans are held back at the end. */
const LAST_MS = 500;

/** Takes spans to a collector, in batches, off the path of requests. One that doesn't take them loses them. */
export class SpanExporter {
  readonly #protocol: Tracing['protocol'];
  readonly #url: string;
  readonly #env: Abroad;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #waiting: Span[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #failed = false;

  constructor({ protocol, url }: Pick<Tracing, 'protocol' | 'url'>, env: Abroad) {
    this.#protocol = protocol;
    this.#url = url;
    this.#env = env;
  }

  add(span: Span): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= BATCH && !this.#sending) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Resolves when all that came before has been sent, or was lost. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0 || this.#sending) {
      this.#sending ??= this.#send(this.#waiting.splice(0, BATCH)).finally(() => {
        this.#sending = undefined;
      });
      await this.#sending;
    }
  }

  async close(): Promise<void> {
    await Promise.race([this.flush(), new Promise((resolve) => setTimeout(resolve, LAST_MS).unref())]);
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#agent.destroy();
  }

  async #send(spans: readonly Span[]): Promise<void> {
    try {
      await this.#post(encodeSpans(spans, this.#protocol));
      this.#failed = false;
    } catch (error) {
      // Said once, not with each batch.
      if (!this.#failed) this.#env.log.log('warn', 'spans not taken', { url: this.#url, reason: messageOf(error) });
      this.#failed = true;
    }
    if (this.#dropped > 0) this.#env.log.log('warn', 'spans dropped', { url: this.#url, dropped: this.#dropped });
    this.#dropped = 0;
  }

  #post(body: string): Promise<void> {
    const url = this.#url;
    const headers = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) };
    const options = { method: 'POST', headers, signal: AbortSignal.timeout(ANSWER_MS) };
    return new Promise((resolve, reject) => {
      const answered = (response: IncomingMessage): void => {
        response.resume();
        const { statusCode = 0 } = response;
        if (statusCode >= 300) reject(new Error(`the collector answered ${statusCode}`));
        else response.on('end', resolve);
        response.on('error', reject);
      };
      const { publicRoots } = this.#env;
      const sent = url.startsWith('https:')
        ? httpsRequest(url, { ...options, ...(publicRoots ? { ca: [...publicRoots()] } : {}) }, answered)
        : httpRequest(url, { ...options, agent: this.#agent }, answered);
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
