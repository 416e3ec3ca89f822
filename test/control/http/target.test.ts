import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../src/control/http/answer.ts';
import { cleaned, parseTarget } from '../../../src/control/http/target.ts';

const read = (target: string): string => {
  try {
    const { path, query } = parseTarget(target);
    return query === '' ? path : `${path} ? ${query}`;
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.message}`;
    throw error;
  }
};

describe('a request target', () => {
  it.each([
    ['/v1/kv/a?raw&b=%20', '/v1/kv/a ? raw&b=%20'],
    ['/v1/kv/a%20b%2Fc', '/v1/kv/a b/c'],
    ['/v1/kv/%E3%81%82', '/v1/kv/あ'],
    ['http://host:1/v1/kv/a', '/v1/kv/a'],
    ['http://host', '/'],
    ['/v1/kv/%ff', '/v1/kv/\uFFFD'],
    ['/v1/kv/%zz', '400 400 Bad Request'],
    ['/v1/kv/%ff%4', '400 400 Bad Request'],
    ['/v1/kv/a%00', '400 '],
    ['/v1/kv/%E2%80%8B', '400 '],
    ['/v1/kv/%C2%A0x', '400 '],
    ['/v1/kv/%F4%8F%BF%BF', '400 '],
  ])('%s', (target, seen) => {
    expect(read(target)).toBe(seen);
  });

  it.each([
    ['/v1/kv/a', undefined],
    ['/v1/kv/a/', undefined],
    ['/v1/kv/..a/.b', undefined],
    ['/v1//kv/a/', '/v1/kv/a/'],
    ['/v1/./kv', '/v1/kv'],
    ['/v1/x/../kv', '/v1/kv'],
    ['/../../v1/kv/..', '/v1'],
    ['//', '/'],
  ])('%s cleaned', (path, clean) => {
    expect(cleaned(path)).toBe(clean);
  });
});
