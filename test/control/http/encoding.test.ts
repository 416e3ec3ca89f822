import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, compress } from '../../../src/control/http/encoding.ts';

describe('Accept-Encoding', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['gzip;q=0', false],
    ['gzip; q=0.0, br', false],
    ['x-gzip', false],
    ['br, deflate', false],
  ])('%s', (header, takes) => {
    expect(acceptsGzip(header)).toBe(takes);
  });
});

it('compresses small and large bodies', async () => {
  for (const size of [1, 100_000]) {
    const body = Buffer.alloc(size, 'a');
    const packed = await compress(body);
    expect(gunzipSync(packed).equals(body)).toBe(true);
  }
});
