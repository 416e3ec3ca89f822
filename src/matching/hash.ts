/**
 * MurmurHash3 of a text in 32 bits, without a sign: fast where there are no 64-bit numbers, and well mixed in all bits. Of each
 * character the lower byte counts: what comes from the wire is bytes as latin1.
 */
export function hash32(text: string, seed = 0): number {
  let hash = seed;
  const whole = text.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const block =
      (text.charCodeAt(i) & 0xff) |
      ((text.charCodeAt(i + 1) & 0xff) << 8) |
      ((text.charCodeAt(i + 2) & 0xff) << 16) |
      ((text.charCodeAt(i + 3) & 0xff) << 24);
    hash ^= scramble(block);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = text.length - 1; i >= whole; i--) tail = (tail << 8) | (text.charCodeAt(i) & 0xff);
  if (whole < text.length) hash ^= scramble(tail);
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Envoy: what several policies give is one, and their order counts. */
export function combineHashes(before: number, next: number): number {
  return (((before << 1) | (before >>> 31)) ^ next) >>> 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
