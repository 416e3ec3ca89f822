import { crc32 } from 'node:zlib';

/**
 * Text framing of the log, one record a line: `<crc32 hex8> <bytes of json, hex8> <json>\n`. JSON never holds a raw line
 * break, so the reader can find the next record behind a damaged one. The checksum covers the length and the JSON.
 */
const HEADER_BODY = /^mesh-log (\d+) ([0-9a-f]{8})$/;
/**
 * Raised whenever an older program could not read, or would misread, what a newer one writes: it then leaves the file alone.
 * 1: one root of the CA, a registry of services and entries. 2: everything else that Consul's state has.
 */
export const VERSION = 2;
const PREFIX = 18;
/** Where in a record the checksum begins to cover it. */
const CHECKED_FROM = 9;
const NEWLINE = 0x0a;

export function encodeHeader(version: number = VERSION): Buffer {
  const body = `mesh-log ${version}`;
  return Buffer.from(`${body} ${hex(crc32(body))}\n`);
}

export function encodeRecord(record: unknown): Buffer {
  const json = JSON.stringify(record);
  const length = Buffer.byteLength(json);
  const end = PREFIX + length;
  // In place: a string of it all would be copied for the checksum, and again for the file.
  const bytes = Buffer.allocUnsafe(end + 1);
  bytes.write(`00000000 ${hex(length)} `, 'latin1');
  bytes.write(json, PREFIX);
  bytes[end] = NEWLINE;
  bytes.write(hex(crc32(bytes.subarray(CHECKED_FROM, end))), 'latin1');
  return bytes;
}

export interface Scan {
  readonly records: readonly unknown[];
  /** Bytes from the start that hold nothing but a header and whole records. */
  readonly goodBytes: number;
  /** Stretches that are neither a record nor a torn tail: acknowledged data that is gone. */
  readonly damaged: readonly ByteRange[];
  /** Set when the file was written by a version of the format that this code doesn't know. */
  readonly newerVersion?: number;
  /** Of an older format: to be written anew before anything is added. */
  readonly outdated?: true;
  /** Checksum of the first record, as it stands in the file. */
  readonly first?: string;
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a whole log. Every record whose checksum holds is returned, also those behind damage. What is left after the last
 * line break is a write that never finished, and so was never acknowledged: it counts as torn, not as damaged.
 */
export function scan(bytes: Buffer): Scan {
  const records: unknown[] = [];
  const damaged: ByteRange[] = [];
  let goodBytes = 0;
  let at = 0;

  const header = encodeHeader();
  const firstEnd = bytes.indexOf(NEWLINE);
  const version = firstEnd === -1 ? undefined : versionOf(bytes.toString('latin1', 0, Math.min(firstEnd, 64)));
  if (version !== undefined && version > VERSION) return { records, goodBytes: 0, damaged, newerVersion: version };
  if (version !== undefined) {
    at = firstEnd + 1;
    goodBytes = at;
  } else if (firstEnd === -1 && header.subarray(0, bytes.length).equals(bytes)) {
    return { records, goodBytes: 0, damaged };
  } else {
    if (!recordAt(bytes, 0)) {
      at = firstEnd === -1 ? bytes.length : firstEnd + 1;
      if (at > 0) damaged.push({ start: 0, end: at });
    }
  }

  let first: string | undefined;
  while (at < bytes.length) {
    const found = recordAt(bytes, at);
    if (found) {
      records.push(found.value);
      first ??= bytes.toString('latin1', at, at + 8);
      if (found.terminated && damaged.length === 0) goodBytes = found.end;
      else if (!found.terminated && found.end < bytes.length) damaged.push({ start: found.end, end: found.end + 1 });
      at = found.terminated ? found.end : found.end + 1;
      continue;
    }
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline === -1) break;
    damaged.push({ start: at, end: newline + 1 });
    at = newline + 1;
  }
  const isOutdated = version !== undefined && version < VERSION;
  return { records, goodBytes, damaged, ...(isOutdated ? { outdated: true } : {}), ...(first === undefined ? {} : { first }) };
}

/** Undefined for what is no header. */
function versionOf(line: string): number | undefined {
  const match = HEADER_BODY.exec(line);
  return match && hex(crc32(`mesh-log ${match[1]}`)) === match[2] ? Number(match[1]) : undefined;
}

/** The record that starts exactly at `at`, wherever its line break ended up. */
function recordAt(bytes: Buffer, at: number): { value: unknown; end: number; terminated: boolean } | undefined {
  const prefix = /^([0-9a-f]{8}) ([0-9a-f]{8}) $/.exec(bytes.toString('latin1', at, at + PREFIX));
  if (!prefix) return undefined;
  const end = at + PREFIX + Number.parseInt(prefix[2]!, 16);
  if (end > bytes.length || hex(crc32(bytes.subarray(at + CHECKED_FROM, end))) !== prefix[1]) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', at + PREFIX, end));
    const terminated = bytes[end] === NEWLINE;
    return { value, end: terminated ? end + 1 : end, terminated };
  } catch {
    return undefined;
  }
}

const hex = (n: number): string => n.toString(16).padStart(8, '0');
