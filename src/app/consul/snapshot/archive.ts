import { createHash } from 'node:crypto';
import { constants, gunzipSync } from 'node:zlib';
import { messageOf, systemCode } from '../../../base/errors.ts';
import { readTar } from '../../../base/tar.ts';

/** What a snapshot says of itself: `meta.json`. */
export interface SnapshotMeta {
  readonly ID: string;
  readonly Size: number;
  readonly Index: number;
  readonly Term: number;
  readonly Version: number;
}

export interface Archive {
  readonly meta: SnapshotMeta;
  /** The whole of `meta.json`. */
  readonly metaJson: unknown;
  readonly state: Buffer;
}

const META = 'meta.json';
const STATE = 'state.bin';
const SUMS = 'SHA256SUMS';

/** Reads an archive, Consul's or ours, and checks its sums. Throws an Error in Consul's words. */
export function readArchive(bytes: Buffer): Archive {
  // What there is of it, where it ends too early.
  const files = new Map(readTar(gunzip(bytes)).files.map(({ name, content }) => [name, content]));
  const fail = (why: string): never => {
    throw new Error(`failed to read snapshot file: ${why}`);
  };
  const metaBytes = files.get(META) ?? fail('failed to read snapshot metadata: unexpected EOF');
  const state = files.get(STATE) ?? fail('failed to read or write snapshot data: unexpected EOF');
  const sums = files.get(SUMS) ?? fail('failed to read snapshot hashes: unexpected EOF');
  const hashes = new Map(
    sums
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  for (const [name, file] of [
    [META, metaBytes],
    [STATE, state],
  ] as const) {
    const hash = hashes.get(name);
    if (hash === undefined) fail(`failed checking integrity of snapshot: file missing for ${JSON.stringify(name)}`);
    if (hash !== createHash('sha256').update(file).digest('hex'))
      fail(`failed checking integrity of snapshot: hash check failed for ${JSON.stringify(name)}`);
  }
  try {
    const meta = JSON.parse(metaBytes.toString()) as SnapshotMeta;
    return { meta, metaJson: meta, state };
  } catch (error) {
    return fail(`failed to decode snapshot metadata: ${messageOf(error)}`);
  }
}

/** What there is of it, where it ends too early. */
function gunzip(bytes: Buffer): Buffer {
  if (bytes.length === 0) throw new Error('failed to decompress snapshot: EOF');
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    const code = systemCode(error);
    const why = code === 'Z_DATA_ERROR' ? 'gzip: invalid header' : messageOf(error);
    throw new Error(`failed to decompress snapshot: ${why}`, { cause: error });
  }
}
