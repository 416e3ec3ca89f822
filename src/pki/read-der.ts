/** A reader for the part of DER (X.690) that a certificate's own fields need. */

export interface Element {
  readonly tag: number;
  /** Without tag and length. */
  readonly content: Buffer;
  /** The whole element. */
  readonly raw: Buffer;
}

/** The elements that follow each other in these bytes. Throws a RangeError on what is cut short or has no definite length. */
export function readElements(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = readElement(bytes, at);
    elements.push(element);
    at += element.raw.length;
  }
  return elements;
}

function readElement(bytes: Buffer, at: number): Element {
  const tag = octet(bytes, at);
  const first = octet(bytes, at + 1);
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4) throw new RangeError(`an element at byte ${at} has no length that could be true`);
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + octet(bytes, start + i);
    start += octets;
  }
  const end = start + length;
  if (end > bytes.length) throw new RangeError(`the element at byte ${at} is cut short`);
  return { tag, content: bytes.subarray(start, end), raw: bytes.subarray(at, end) };
}

function octet(bytes: Buffer, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new RangeError(`the bytes end at ${at}`);
  return value;
}
