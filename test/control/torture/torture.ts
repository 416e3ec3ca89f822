import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './client.ts';
import { buildChild, startChild } from './process.ts';
import { Refused, WRITERS, type Writer } from './writers.ts';

export interface TortureOptions {
  readonly rounds: number;
  /** An agent lives for up to this many acknowledged writes, and then a moment longer. */
  readonly maxWrites: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  onRound?(round: number, acknowledged: number): void;
}

export interface TortureResult {
  readonly acknowledged: number;
  /** Writes whose agent was killed before it answered, and that were there afterwards, or not. */
  readonly unanswered: { readonly made: number; readonly lost: number };
  /** What must not be. */
  readonly violations: readonly string[];
}

interface Progress {
  acknowledged: number;
  attempted: number;
}

/**
 * Kills a control plane with SIGKILL at random moments of a mixed load, over and over, and starts it again on the same files:
 * each write that was acknowledged must be there, and of one that was not all or nothing.
 */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  const dir = await mkdtemp(join(tmpdir(), 'mesh-torture-'));
  try {
    return await new Torture(options, await buildChild(dir), join(dir, 'state')).run();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A write takes about this long. */
const MAX_MOMENT_MS = 10;

class Torture {
  readonly #options: TortureOptions;
  readonly #bundle: string;
  readonly #state: string;
  readonly #progress = new Map<Writer, Progress>(WRITERS.map((writer) => [writer, { acknowledged: 0, attempted: 0 }]));
  readonly #violations: string[] = [];
  #acknowledged = 0;
  #made = 0;
  #lost = 0;
  #lastIndex = 0;
  #killAt: { readonly count: number; resolve(): void } = { count: Number.POSITIVE_INFINITY, resolve: () => undefined };

  constructor(options: TortureOptions, bundle: string, state: string) {
    this.#options = options;
    this.#bundle = bundle;
    this.#state = state;
  }

  async run(): Promise<TortureResult> {
    for (let round = 1; round <= this.#options.rounds && this.#violations.length === 0; round++) {
      await this.#round(round);
      this.#options.onRound?.(round, this.#acknowledged);
    }
    // What the last one left.
    await this.#withAgent((client) => this.#verify(client));
    return { acknowledged: this.#acknowledged, unanswered: { made: this.#made, lost: this.#lost }, violations: this.#violations };
  }

  async #round(round: number): Promise<void> {
    await this.#withAgent(async (client, child) => {
      await this.#verify(client);
      const { random, maxWrites } = this.#options;
      const reached = new Promise<void>((resolve) => {
        this.#killAt = { count: this.#acknowledged + Math.floor(random() * maxWrites), resolve };
      });
      const loads = WRITERS.map((writer) => this.#load(client, writer));
      await Promise.race([reached, Promise.all(loads)]);
      await delay(random() * MAX_MOMENT_MS);
      child.kill('SIGKILL');
      await Promise.all(loads);
    }).catch((error: Error) => this.#violations.push(`round ${round}: ${error.message}`));
  }

  /** Writes until the agent is gone. */
  async #load(client: Client, writer: Writer): Promise<void> {
    const progress = this.#progress.get(writer)!;
    for (;;) {
      progress.attempted = progress.acknowledged + 1;
      try {
        await writer.write(client, progress.attempted);
      } catch (error) {
        if (error instanceof Refused) this.#violations.push(`${writer.name}: ${error.message}`);
        return;
      }
      progress.acknowledged = progress.attempted;
      this.#acknowledged++;
      if (this.#acknowledged >= this.#killAt.count) this.#killAt.resolve();
    }
  }

  async #verify(client: Client): Promise<void> {
    for (const [writer, progress] of this.#progress) {
      const found = await writer.read(client);
      if (found !== progress.acknowledged && found !== progress.attempted)
        throw new Error(`${writer.name}: ${found} is there, ${progress.acknowledged} was acknowledged and ${progress.attempted} tried`);
      if (progress.attempted !== progress.acknowledged) {
        if (found === progress.attempted) this.#made++;
        else this.#lost++;
      }
      progress.acknowledged = found;
      progress.attempted = found;
    }
    const index = (await client.json<{ ModifyIndex: number }[]>('/v1/kv/a'))?.[0]?.ModifyIndex ?? 0;
    if (index < this.#lastIndex) throw new Error(`the index went back from ${this.#lastIndex} to ${index}`);
    this.#lastIndex = index;
  }

  async #withAgent(use: (client: Client, child: ChildProcess) => Promise<void>): Promise<void> {
    await using agent = await startChild(this.#bundle, this.#state);
    if (agent.errors !== '') throw new Error(`the agent reports: ${agent.errors}`);
    await use(agent.client, agent.child);
  }
}
