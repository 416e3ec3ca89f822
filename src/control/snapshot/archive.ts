import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { readTar, writeTar } from '../../base/tar.ts';
import type { SavedState } from '../../catalog/saved-state.ts';

/** A snapshot that is not to be restored: it is damaged, or none of this program. The message follows Consul's. */
export class SnapshotRefused extends Error {}

/** What an archive says of itself. Names are Consul's; who reads one without knowing this program finds his way. */
export interface SnapshotMeta {
  readonly Version: 1;
  readonly ID: string;
  /** Of the state that was saved. */
  readonly Index: number;
  readonly Term: number;
  readonly Datacenter: string;
  /** Of the file with the state, in bytes. */
  readonly Size: number;
}

/** The first line of the state; the number counts its formats. */
const MAGIC = 'mesh-snapshot';
const FORMAT = 1;
/** What an archive may hold once it is unpacked. */
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;

/** A compressed archive as Consul's: `meta.json`, `state.bin`, and their checksums in `SHA256SUMS`. */
export async function packSnapshot(state: SavedState, { index, now }: { readonly index: number; readonly now: number }): Promise<Buffer> {
  const content = Buffer.from(`${MAGIC} ${FORMAT}\n${JSON.stringify(state)}\n`);
  const meta: SnapshotMeta = { Version: 1, ID: `1-${index}-${now}`, Index: index, Term: 1, Datacenter: state.name, Size: content.length };
  const files = [
    { name: 'meta.json', content: Buffer.from(`${JSON.stringify(meta)}\n`) },
    { name: 'state.bin', content },
  ];
  const sums = files.map((file) => `${sha256(file.content)}  ${file.name}\n`).join('');
  return promisify(gzip)(writeTar([...files, { name: 'SHA256SUMS', content: Buffer.from(sums) }], now));
}

/** Throws SnapshotRefused. */
export async function unpackSnapshot(archive: Buffer): Promise<{ readonly meta: SnapshotMeta; readonly state: SavedState }> {
  const files = verified(readTar(await unzip(archive)));
  const state = readState(files.get('state.bin')!);
  return { meta: JSON.parse(files.get('meta.json')!.toString()) as SnapshotMeta, state };
}

async function unzip(archive: Buffer): Promise<Buffer> {
  if (archive.length === 0) throw new SnapshotRefused('failed to decompress snapshot: EOF');
  if (!archive.subarray(0, 2).equals(GZIP)) throw new SnapshotRefused('failed to decompress snapshot: gzip: invalid header');
  try {
    return await promisify(gunzip)(archive, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new SnapshotRefused(`${UNREADABLE}: unexpected EOF`);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new SnapshotRefused(`${UNREADABLE}: it is larger than 1 GiB`);
    throw new SnapshotRefused(`${UNREADABLE}: flate: corrupt input`);
  }
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const UNREADABLE = 'failed to read snapshot file: failed to read or write snapshot data';
const UNSOUND = 'failed to read snapshot file: failed checking integrity of snapshot';

function verified({ files, isWhole }: ReturnType<typeof readTar>): ReadonlyMap<string, Buffer> {
  if (!isWhole) throw new SnapshotRefused(`${UNREADABLE}: unexpected EOF`);
  const byName = new Map(files.map(({ name, content }) => [name, content]));
  const sums = new Map<string, string>();
  for (const [, sum = '', name = ''] of (byName.get('SHA256SUMS')?.toString() ?? '').matchAll(/^([\da-f]{64}) {2}(.+)$/gm))
    sums.set(name, sum);
  for (const name of ['meta.json', 'state.bin']) if (!byName.has(name)) throw new SnapshotRefused(`${UNREADABLE}: there is no ${name}`);
  for (const name of ['meta.json', 'state.bin']) {
    const sum = sums.get(name);
    if (sum === undefined) throw new SnapshotRefused(`${UNSOUND}: list missing hash for "${name}"`);
    if (sum !== sha256(byName.get(name)!)) throw new SnapshotRefused(`${UNSOUND}: hash check failed for "${name}"`);
  }
  return byName;
}

function readState(content: Buffer): SavedState {
  const end = content.indexOf('\n');
  const [, format] = new RegExp(`^${MAGIC} (\\d+)$`).exec(content.subarray(0, Math.max(0, end)).toString('latin1')) ?? [];
  if (format === undefined) throw new SnapshotRefused(FOREIGN);
  if (Number(format) > FORMAT) throw new SnapshotRefused(`failed to restore snapshot: a newer version of mesh wrote it (format ${format})`);
  return JSON.parse(content.subarray(end + 1).toString()) as SavedState;
}

const FOREIGN =
  'failed to restore snapshot: another program wrote it, likely a Consul server, and mesh can read only the state of its own; ' +
  'carry keys over with "consul kv export" and "mesh kv import", and config entries with "mesh config apply"';

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
