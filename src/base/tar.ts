/** Archives in the old POSIX form (ustar), which everything reads: regular files with short names. */

export interface TarFile {
  /** `folder/name`, up to 100 bytes. */
  readonly name: string;
  readonly content: Buffer;
}

const BLOCK = 512;

/** Throws a RangeError on a name that is too long. */
export function writeTar(files: readonly TarFile[], modifiedMs: number): Buffer {
  const blocks = files.flatMap(({ name, content }) => [
    header(name, content.length, modifiedMs),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, size: number, modifiedMs: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for the archive`);
  const block = Buffer.alloc(BLOCK);
  const field = (text: string, at: number): number => block.write(text, at);
  const octal = (value: number, digits: number, at: number): number => field(`${value.toString(8).padStart(digits, '0')}\0`, at);
  field(name, 0);
  octal(0o600, 7, 100);
  octal(0, 7, 108);
  octal(0, 7, 116);
  octal(size, 11, 124);
  octal(Math.floor(modifiedMs / 1000), 11, 136);
  // The sum is taken with blanks in its own place.
  field('        ', 148);
  field('0', 156);
  field('ustar\x0000', 257);
  field(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const checksum = (block: Buffer): number => block.reduce((sum, byte) => sum + byte, 0);

/** The regular files, up to where it ends; `isWhole` tells whether it ends too early, or is none. */
export function readTar(archive: Buffer): { readonly files: readonly TarFile[]; readonly isWhole: boolean } {
  const files: TarFile[] = [];
  for (let at = 0; ; ) {
    const block = archive.subarray(at, at + BLOCK);
    if (block.length < BLOCK) return { files, isWhole: false };
    if (block.every((byte) => byte === 0)) return { files, isWhole: true };
    const size = numberAt(block, 124, 12);
    const expected = numberAt(block, 148, 8);
    const summed = Buffer.from(block).fill(' ', 148, 156);
    if (size === undefined || expected !== checksum(summed)) return { files, isWhole: false };
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) return { files, isWhole: false };
    const type = String.fromCharCode(block[156]!);
    if (type === '0' || type === '\0') files.push({ name: textAt(block, 0, 100), content });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function textAt(block: Buffer, at: number, length: number): string {
  const field = block.toString('utf8', at, at + length);
  const end = field.indexOf('\0');
  return end === -1 ? field : field.slice(0, end);
}

function numberAt(block: Buffer, at: number, length: number): number | undefined {
  const digits = textAt(block, at, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}
