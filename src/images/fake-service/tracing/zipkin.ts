import http from 'node:http';
import { messageOf } from '../../../base/errors.ts';
import type { Clock, Log } from '../../../base/ports.ts';
import type { ZipkinSpan } from './tracer.ts';

/** zipkin-go's defaults. */
const BATCH_SPANS = 100;
const BATCH_INTERVAL_MS = 1_000;
const MAX_BACKLOG_SPANS = 1_000;
const TIMEOUT_MS = 5_000;
/** How long the end of the process waits for the last spans. */
const LAST_WORDS_MS = 1_000;

/** Sends spans to `<url>/api/v2/spans`, some at a time. What can't be sent is lost, and said once until it works again. */
export class ZipkinReporter {
  #url: string;
  #clock: Clock;
  #log: Log;
  #backlog: ZipkinSpan[] = [];
  #sending: Promise<void> = Promise.resolve();
  #timer: AbortController | undefined;
  #isFailing = false;
  #cancel = new AbortController();

  /** @param base of the collector: `http://jaeger:9411` */
  constructor(base: string, clock: Clock, log: Log) {
    this.#url = `${base.replace(/\/+$/, '')}/api/v2/spans`;
    this.#clock = clock;
    this.#log = log;
  }

  report(span: ZipkinSpan): void {
    this.#backlog.push(span);
    if (this.#backlog.length > MAX_BACKLOG_SPANS) this.#backlog.shift();
    if (this.#backlog.length >= BATCH_SPANS) return void this.flush();
    if (this.#timer) return;
    this.#timer = new AbortController();
    this.#clock.sleep(BATCH_INTERVAL_MS, this.#timer.signal).then(
      () => this.flush(),
      () => undefined,
    );
  }

  /** Sends what is there. Never rejects. */
  flush(): Promise<void> {
    this.#timer?.abort();
    this.#timer = undefined;
    this.#sending = this.#sending.then(() => this.#send());
    return this.#sending;
  }

  /** Sends what is left, if that can be done soon. */
  async close(): Promise<void> {
    const done = new AbortController();
    this.#clock.sleep(LAST_WORDS_MS, done.signal).then(
      () => this.#cancel.abort(),
      () => undefined,
    );
    await this.flush();
    done.abort();
  }

  async #send(): Promise<void> {
    const spans = this.#backlog.splice(0);
    if (spans.length === 0) return;
    try {
      await post(this.#url, JSON.stringify(spans), AbortSignal.any([this.#cancel.signal, AbortSignal.timeout(TIMEOUT_MS)]));
      if (this.#isFailing) this.#log.log('info', 'Spans arrive at Zipkin again', { url: this.#url });
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#log.log('warn', 'Unable to send spans to Zipkin', { url: this.#url, error: messageOf(error) });
      this.#isFailing = true;
    }
  }
}

async function post(url: string, body: string, signal: AbortSignal): Promise<void> {
  const request = url.startsWith('https:') ? (await import('node:https')).request : http.request;
  const status = await new Promise<number>((resolve, reject) => {
    // A mesh on the way must not trace the tracing.
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), b3: '0' };
    const sent = request(url, { method: 'POST', headers, agent: false, signal }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
  if (status < 200 || status > 299) throw new Error(`the collector answered ${status}`);
}
