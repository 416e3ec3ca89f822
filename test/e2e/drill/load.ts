import { Agent, get } from 'node:http';

/** Clients that call one URL again and again, each as soon as it has its answer, and note every call that failed. */
export class Load {
  readonly failures: string[] = [];
  /** Milliseconds of `performance.now()` at which the last good answer came. */
  lastAnswerAt = 0;
  /** The longest time without a good answer so far. */
  longestGapMs = 0;
  #answered = 0;
  #stopped = false;
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #clients: readonly Promise<void>[];

  constructor(url: string, clients = 8) {
    this.#url = url;
    this.lastAnswerAt = performance.now();
    this.#clients = Array.from({ length: clients }, () => this.#client());
  }

  get answered(): number {
    return this.#answered;
  }

  /** Resolves when this many more calls were answered with 200. Rejects after ten seconds without an answer. */
  async more(count: number): Promise<void> {
    const wanted = this.#answered + count;
    while (this.#answered < wanted) {
      if (performance.now() - this.lastAnswerAt > 10_000)
        throw new Error(`no answer for 10 s; failed: ${this.failures.slice(0, 3).join('; ')}`);
      await pause(5);
    }
  }

  /** Resolves with the texts of all failures when the last call has ended. */
  async stop(): Promise<readonly string[]> {
    this.#stopped = true;
    await Promise.all(this.#clients);
    this.#agent.destroy();
    return this.failures;
  }

  async #client(): Promise<void> {
    while (!this.#stopped) {
      const failure = await this.#call();
      if (failure === undefined) {
        const now = performance.now();
        this.longestGapMs = Math.max(this.longestGapMs, now - this.lastAnswerAt);
        this.lastAnswerAt = now;
        this.#answered++;
      } else {
        this.failures.push(failure);
        // Nobody listens: no use in asking ten thousand times a second.
        await pause(2);
      }
    }
  }

  #call(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const request = get(this.#url, { agent: this.#agent }, (response) => {
        const { statusCode, headers } = response;
        response.resume();
        response.once('close', () => {
          if (!response.complete) resolve('the answer broke off');
          else resolve(statusCode === 200 ? undefined : `${statusCode}: ${String(headers['x-mesh-reason'])}`);
        });
      });
      request.once('error', (error) => resolve(error.message));
    });
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
