import { appendFile, copyFile, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemCode } from '../../base/errors.ts';
import type { Clock, Log } from '../../base/ports.ts';

export interface LogRotationOptions {
  /** Folder of the logs: `*.log`. */
  readonly folder: string;
  /** A log that is longer is moved aside. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly log: Log;
}

const CHECK_MS = 5000;

/** Where the older part of a log is. There is one: the part before that is gone. */
export const rotated = (logPath: string): string => `${logPath}.1`;

/**
 * Keeps logs from filling the disk. Who writes them has them open, outlives this agent and appends (O_APPEND): a log is copied
 * and then cut, so that the next line starts it anew.
 */
export class LogRotation {
  readonly #options: LogRotationOptions;

  constructor(options: LogRotationOptions) {
    this.#options = options;
  }

  /** Looks every few seconds, until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    for (;;) {
      try {
        await clock.sleep(CHECK_MS, signal);
      } catch {
        return;
      }
      await this.check().catch((error: unknown) => log.log('warn', 'logs could not be rotated', { error: messageOf(error) }));
    }
  }

  async check(): Promise<void> {
    const { folder, maxBytes } = this.#options;
    const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
    for (const name of names) {
      const path = join(folder, name);
      const size = (await stat(path).catch(() => undefined))?.size ?? 0;
      if (size > maxBytes) await rotate(path);
    }
  }
}

async function rotate(path: string): Promise<void> {
  try {
    await copyFile(path, rotated(path));
    const copied = (await stat(rotated(path))).size;
    await using file = await open(path, 'r+');
    const { size } = await file.stat();
    if (size > copied) {
      // Written during the copy. What is written between this and the cut is lost.
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - copied), 0, size - copied, copied);
      await appendFile(rotated(path), buffer.subarray(0, bytesRead));
    }
    await file.truncate(0);
  } catch (error) {
    // Its workload has gone meanwhile.
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
