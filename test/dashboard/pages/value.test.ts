import { describe, expect, it } from 'vitest';
import { contentOf, folderOf, hexDump, kvPath, lastPart, prefixesOf } from '../../../src/dashboard/pages/kv/value.ts';

const base64 = (bytes: readonly number[] | string) => Buffer.from(bytes as string).toString('base64');

describe('values', () => {
  it('are text only where text can be edited without loss', () => {
    expect(contentOf(null)).toEqual({ type: 'text', text: '' });
    expect(contentOf(base64('é\t\n{"a": 1}'))).toEqual({ type: 'text', text: 'é\t\n{"a": 1}' });
    for (const bytes of [[0xff, 0xfe], [0], [0x61, 0x1b, 0x5b]]) expect(contentOf(base64(bytes)).type).toBe('binary');
    // A text field makes a line break of a lone carriage return, and one of the two of a pair.
    for (const text of ['a\rb', 'a\r\nb']) expect(contentOf(base64(text)).type).toBe('binary');
  });

  it('are shown as bytes otherwise', () => {
    expect(hexDump(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46]))).toBe(`00000000  7f 45 4c 46${' '.repeat(36)}  |.ELF|`);
    expect(hexDump(new Uint8Array(100), 20).split('\n')).toHaveLength(2);
  });
});

describe('keys', () => {
  it('have folders', () => {
    expect(prefixesOf('a/b/')).toEqual(['', 'a/', 'a/b/']);
    expect(prefixesOf('')).toEqual(['']);
    expect([folderOf('a/b/c'), folderOf('a/b/'), folderOf('c')]).toEqual(['a/b/', 'a/', '']);
    expect([lastPart('a/b/c'), lastPart('a/b/'), lastPart('c')]).toEqual(['c', 'b/', 'c']);
  });

  it('are escaped between their slashes', () => {
    expect(kvPath('a b/ü?#/%')).toBe('/v1/kv/a%20b/%C3%BC%3F%23/%25');
  });
});
