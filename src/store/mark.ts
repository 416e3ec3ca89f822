import { readFile, rm, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/**
 * How much of a log was on the disk for certain, in a small file beside it. It is written now and then, never waited for, and
 * may be behind: a log that is shorter was cut off, while one that is longer and ends in the middle of a record is one whose
 * last write never finished.
 */
export interface Mark {
  /** Checksum of the log's first record, as it stands there: a log that was written anew since is not meant. */
  readonly first: string;
  /** Bytes. */
  readonly size: number;
}

const LINE = /^mesh-mark ([0-9a-f]{8}) (\d+) ([0-9a-f]{8})\n$/;

const pathOf = (log: string): string => `${log}.mark`;

export function writeMark(log: string, { first, size }: Mark): Promise<void> {
  const body = `${first} ${size}`;
  return writeFile(pathOf(log), `mesh-mark ${body} ${checksum(body)}\n`, { mode: 0o600 });
}

/** A log without a mark is taken for what it is. */
export function removeMark(log: string): Promise<void> {
  return rm(pathOf(log), { force: true });
}

/** Undefined when there is none, or it is not whole. */
export async function readMark(log: string): Promise<Mark | undefined> {
  const text = await readFile(pathOf(log), 'utf8').catch(() => '');
  const [, first = '', size = '', sum] = LINE.exec(text) ?? [];
  return sum === checksum(`${first} ${size}`) ? { first, size: Number(size) } : undefined;
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
