/** Protocol Buffers' wire format, as much as the few messages here need: varints and length-delimited fields. */

export interface WireField {
  readonly number: number;
  /** A varint (up to 2^53), or the bytes of a length-delimited field. Fixed-size fields are skipped. */
  readonly value: number | Buffer;
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

export function bytesField(number: number, content: Buffer | string): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function intField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

/** Undefined when the bytes are no message. */
export function readFields(message: Buffer): WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) return Number.NaN;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = readVarint();
    const number = Math.floor(tag / 8);
    if (!(number > 0)) return undefined;
    const type = tag % 8;
    if (type === 0) fields.push({ number, value: readVarint() });
    else if (type === 2) {
      const length = readVarint();
      fields.push({ number, value: message.subarray(at, at + length) });
      at += length;
    } else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else return undefined;
    // Also when a length was not a number.
    if (!(at <= message.length) || Number.isNaN(fields.at(-1)?.value)) return undefined;
  }
  return fields;
}

/** The last occurrence counts, as in every reader. */
export function bytesOf(fields: readonly WireField[], number: number): Buffer | undefined {
  const found = fields.findLast((field) => field.number === number)?.value;
  return typeof found === 'number' ? undefined : found;
}
