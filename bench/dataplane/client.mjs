import { Agent, request } from 'node:http';

/** One request; resolves with the status, the body and `x-mesh-reason`. */
export function call(port, { path = '/api/pay', agent, method = 'GET', body } = {}) {
  return new Promise((done, fail) => {
    const headers = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const outgoing = request({ host: '127.0.0.1', port, path, agent, method, headers, timeout: 15_000 }, (response) => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', fail);
      response.on('end', () => done({ status: response.statusCode, text, reason: response.headers['x-mesh-reason'] }));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in 15 s')));
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

/** Constant traffic on so many connections, until it is stopped: what was answered, by whom, and what failed, and why. */
export class Traffic {
  answered = 0;
  failed = 0;
  /** How often each failure, and each body of an answer, came. */
  reasons = new Map();
  bodies = new Map();
  #stopped = false;
  #workers;

  /** `onAnswer` gets each answer and when it came. `pauseMs` between the requests of a connection. */
  constructor(port, { connections = 8, pauseMs = 0, path, onAnswer = () => undefined } = {}) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#workers = Array.from({ length: connections }, async () => {
      while (!this.#stopped) {
        const answer = await call(port, { path, agent: this.agent }).catch((error) => ({ status: 0, reason: error.message }));
        if (answer.status === 200) this.answered++;
        else {
          this.failed++;
          this.#count(this.reasons, answer.reason ?? String(answer.status));
        }
        if (answer.status === 200) this.#count(this.bodies, answer.text);
        onAnswer(answer, performance.now());
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    });
  }

  async stop() {
    this.#stopped = true;
    await Promise.all(this.#workers);
    this.agent.destroy();
    return this;
  }

  /** `0 of 1234 requests failed`, with the reasons. */
  describe() {
    const reasons = Array.from(this.reasons, ([reason, count]) => `${count} x ${reason}`).join('; ');
    return `${this.failed} of ${this.answered + this.failed} requests failed${reasons === '' ? '' : ` (${reasons})`}`;
  }

  #count(map, key) {
    map.set(key, (map.get(key) ?? 0) + 1);
  }
}
