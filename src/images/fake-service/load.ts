import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MeshError } from '../../base/errors.ts';
import type { Log, Random } from '../../base/ports.ts';

/** What each request burns while it lasts. */
export interface LoadConfig {
  /** Cores to keep busy; undefined: all. */
  readonly cores: number | undefined;
  /** Of one core's time, or of `allocatedMhz` where that is set. */
  readonly cpuPercent: number;
  /** 0: the whole machine is meant. */
  readonly allocatedMhz: number;
  /** Of one core. */
  readonly clockMhz: number;
  readonly memoryBytes: number;
  /** A request takes up to this much more or less memory, in per cent. */
  readonly memoryVariancePercent: number;
}

/** A hundred milliseconds of work and rest in turn. */
const SLICE_MS = 100;

/** Keeps processor and memory busy for as long as requests last. Threads are started with the first request, one for each core. */
export class LoadGenerator {
  #cores: number;
  #percent: number;
  #config: LoadConfig;
  #random: Pick<Random, 'next'>;
  #log: Log;
  /** How many requests there are, shared with the threads; -1 ends them. */
  #running = new Int32Array(new SharedArrayBuffer(4));
  #threads: Worker[] = [];

  /** Throws a MeshError when more is asked for than there is. */
  constructor(config: LoadConfig, random: Pick<Random, 'next'>, log: Log) {
    this.#config = config;
    this.#random = random;
    this.#log = log;
    this.#cores = config.cores ?? availableParallelism();
    this.#percent = cpuPercent(config, this.#cores);
    if (this.#percent > 100) {
      const found = `LOAD_CPU_PERCENTAGE, LOAD_CPU_ALLOCATED, LOAD_CPU_CLOCK_SPEED and LOAD_CPU_CORES make ${this.#percent} % of ${this.#cores} cores`;
      throw new MeshError('invalid', `${found}, expected at most 100 %`);
    }
  }

  /** Returns what ends it. */
  start(): () => void {
    const memory = this.#takeMemory();
    const isBusy = this.#cores > 0 && this.#percent > 0;
    if (isBusy) this.#startThreads();
    return () => {
      memory.release();
      if (isBusy) Atomics.sub(this.#running, 0, 1);
    };
  }

  async close(): Promise<void> {
    Atomics.store(this.#running, 0, -1);
    Atomics.notify(this.#running, 0);
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
  }

  #takeMemory(): { release(): void } {
    const bytes = memoryBytes(this.#config, this.#random);
    // Filled, because a page that was never written to takes no memory.
    let memory: Buffer | undefined = bytes > 0 ? Buffer.alloc(bytes, 1) : undefined;
    if (memory) this.#log.log('info', 'Allocated memory', { bytes: memory.length });
    return {
      release() {
        memory = undefined;
      },
    };
  }

  #startThreads(): void {
    this.#log.log('info', 'Generating CPU Load', { cores: this.#cores, percentage: this.#percent });
    if (Atomics.add(this.#running, 0, 1) === 0) Atomics.notify(this.#running, 0);
    while (this.#threads.length < this.#cores) {
      // From text, so that there is no second file to find.
      const source = `(${String(burn)})(require('node:worker_threads').workerData)`;
      const workerData = { running: this.#running, busyMs: (SLICE_MS * this.#percent) / 100, sliceMs: SLICE_MS };
      const thread = new Worker(source, { eval: true, workerData, stdin: false });
      thread.unref();
      thread.on('error', () => undefined);
      this.#threads.push(thread);
    }
  }
}

/** Allocated / (clock × cores) is the part of the machine that the percentage is of. */
export function cpuPercent(config: LoadConfig, cores: number): number {
  if (config.allocatedMhz === 0 || cores === 0) return config.cpuPercent;
  return (config.allocatedMhz / (config.clockMhz * cores)) * config.cpuPercent;
}

/** For one request. */
export function memoryBytes(config: LoadConfig, random: Pick<Random, 'next'>): number {
  const spread = (config.memoryBytes * config.memoryVariancePercent) / 100;
  return Math.max(0, Math.round(config.memoryBytes - spread + 2 * spread * random.next()));
}

/** Runs in a thread, away from everything else in this file. Each request adds its share of every slice, up to the whole. */
function burn({ running, busyMs, sliceMs }: { running: Int32Array; busyMs: number; sliceMs: number }): void {
  for (let requests = Atomics.load(running, 0); requests >= 0; requests = Atomics.load(running, 0)) {
    if (requests === 0) {
      Atomics.wait(running, 0, 0);
      continue;
    }
    const restMs = Math.max(0, sliceMs - busyMs * requests);
    const until = performance.now() + (sliceMs - restMs);
    while (performance.now() < until && Atomics.load(running, 0) > 0);
    if (restMs > 0) Atomics.wait(running, 0, requests, restMs);
  }
}
