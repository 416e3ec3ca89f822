import { describe, expect, it } from 'vitest';
import { globToRegExp, plainPart } from '../../src/base/glob.ts';

describe('globToRegExp', () => {
  it.each([
    ['src/**', ['src/a.js', 'src/a/b.js'], ['src', 'lib/src/a.js', 'srcs/a.js']],
    ['**/*.js', ['a.js', 'a/b.js'], ['a.jsx', 'ajs']],
    ['./*.{js,ts}', ['a.js', 'a.ts'], ['a/b.js', 'a.css']],
    ['a?.(x)', ['ab.(x)'], ['a.(x)', 'abc.(x)']],
    ['*.{test.*,snap}', ['a.test.js', 'a.snap'], ['a.testjs']],
  ])('%s', (pattern, fits, others) => {
    const expression = globToRegExp(pattern);
    expect(fits.filter((path) => !expression.test(path))).toEqual([]);
    expect(others.filter((path) => expression.test(path))).toEqual([]);
  });
});

describe('plainPart', () => {
  it.each([
    ['src/**', 'src'],
    ['./src/a-*/b', 'src'],
    ['server.js', 'server.js'],
    ['*.js', '.'],
  ])('of %s is %s', (pattern, part) => {
    expect(plainPart(pattern)).toBe(part);
  });
});
