import { readFileSync } from 'node:fs';
import http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Clock, Random } from '../../../src/base/ports.ts';
import { preciseClock } from '../../../src/images/fake-service/clock.ts';
import { readConfig } from '../../../src/images/fake-service/config.ts';
import { type FakeService, startFakeService } from '../../../src/images/fake-service/server.ts';

export interface Started {
  readonly service: FakeService;
  readonly url: string;
  /** Every log line: level, message, fields. */
  readonly lines: string[];
}

const ZEROS: Random = { next: () => 0, uuid: () => '' };

/** Starts an instance in this process on a free port of 127.0.0.1. */
export async function start(env: Record<string, string> = {}, clock: Clock = preciseClock(), random = ZEROS): Promise<Started> {
  const result = readConfig({ LISTEN_ADDR: '127.0.0.1:0', MESH_VIRTUAL_ADDRESS: '10.5.0.100', ...env });
  if (!result.ok) throw new Error(result.errors.join('; '));
  const lines: string[] = [];
  const log = { log: (level: string, message: string, fields = {}) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`) };
  const service = await startFakeService(result.config, { clock, random, log });
  return { service, url: `http://127.0.0.1:${service.port}`, lines };
}

export interface Received {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export function request(url: string, options: http.RequestOptions & { body?: string } = {}): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** A port of 127.0.0.1 that nothing listens on. */
export function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export function golden(name: string): string {
  return readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');
}

/** Replaces what differs from run to run. */
export function normalized(text: string): string {
  return text
    .replace(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}"/g, '"<time>"')
    .replace(/"duration": "[\d.]+(µs|ms|s)"/g, '"duration": "<duration>"')
    .replace(/"Date": "[^"]+ GMT"/g, '"Date": "<date>"')
    .replace(/"Content-Length": "\d+"/g, '"Content-Length": "<length>"');
}

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 2, 15, 4, 5);
  #sleepers = new Set<{ until: number; ms: number; wake: () => void }>();
  #waiting: { ms: number; resolve: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { until: this.#now + ms, ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
      for (const waiting of this.#waiting.filter((one) => one.ms === ms)) waiting.resolve();
    });
  }

  /** Resolves once somebody sleeps for exactly this long. */
  async sleeping(ms: number): Promise<void> {
    if (Array.from(this.#sleepers).some((sleeper) => sleeper.ms === ms)) return;
    await new Promise<void>((resolve) => this.#waiting.push({ ms, resolve }));
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const sleeper of Array.from(this.#sleepers)) {
      if (sleeper.until > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
