import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../../base/errors.ts';
import { rotated } from '../../drivers/process/log-rotation.ts';

const POLL_MS = 100;

/** Prints the lines that are appended to a log, until the signal. One that shrinks goes on from its start, after what was moved aside. */
export async function follow(path: string, from: number, print: (line: string) => void, signal: AbortSignal): Promise<void> {
  const older = rotated(path);
  let offset = from;
  let text = new Lines(print);
  let movedAt = (await timesOf(older)).changedAt;
  while (!signal.aborted) {
    const { size } = await timesOf(path);
    if (size < offset) {
      const moved = await timesOf(older);
      if (moved.changedAt !== movedAt && moved.size > offset) for await (const chunk of piece(older, offset, moved.size)) text.push(chunk);
      movedAt = moved.changedAt;
      offset = 0;
      text = new Lines(print);
    }
    for await (const chunk of piece(path, offset, size)) {
      offset += chunk.length;
      text.push(chunk);
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Whole lines and characters out of pieces. */
class Lines {
  readonly #print: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#print(line);
  }
}

async function timesOf(path: string): Promise<{ size: number; changedAt: number }> {
  const info = await stat(path).catch(() => undefined);
  return { size: info?.size ?? 0, changedAt: info?.mtimeMs ?? 0 };
}

/** The bytes between two offsets; fewer if the file has been cut or removed meanwhile. */
async function* piece(path: string, from: number, to: number): AsyncGenerator<Buffer> {
  if (to <= from) return;
  try {
    for await (const chunk of createReadStream(path, { start: from, end: to - 1 })) yield chunk as Buffer;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
