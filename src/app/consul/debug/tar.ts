/** A file of an archive. */
export interface TarFile {
  /** `folder/name`, up to 100 bytes. */
  readonly name: string;
  readonly content: Buffer;
  /** Seconds since the epoch. */
  readonly modified: number;
}

const BLOCK = 512;

/** A tar archive in the old POSIX form (ustar), which everything reads. Throws a RangeError on a name that is too long. */
export function tar(files: readonly TarFile[]): Buffer {
  const parts = files.flatMap((file) => [header(file), file.content, Buffer.alloc((BLOCK - (file.content.length % BLOCK)) % BLOCK)]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header({ name, content, modified }: TarFile): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for the archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at);
  };
  block.write(name, 0);
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(content.length, 124, 12);
  octal(modified, 136, 12);
  block.write('        0', 148);
  block.write('ustar\u000000', 257);
  // The sum is taken with blanks in its own place.
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
