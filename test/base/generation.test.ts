import { describe, expect, it } from 'vitest';
import { lookUp, ofGeneration, withoutGeneration } from '../../src/base/generation.ts';

describe('a name of a generation', () => {
  it.each([
    ['container.payments', undefined, 'container.payments'],
    ['container.payments', 2, 'container.payments~2'],
    ['10.5.0.110', 12, '10.5.0.110~12'],
  ])('%s of %s is %s, and back', (name, generation, written) => {
    expect(ofGeneration(name, generation)).toBe(written);
    expect(withoutGeneration(written)).toBe(name);
  });

  it('is told from names with a tilde of their own', () => {
    expect(['~2a', 'a~', '~user/2', 'a~2/b'].map(withoutGeneration)).toEqual(['~2a', 'a~', '~user/2', 'a~2/b']);
  });
});

describe('what a name means', () => {
  const map = new Map([
    ['web', 'first'],
    ['web~2', 'second'],
    ['new~2', 'only the second'],
    ['news~3', 'another name'],
  ]);

  it.each([
    ['web', undefined, 'first'],
    ['web', 2, 'second'],
    ['web', 3, 'first'],
    ['new', 2, 'only the second'],
    ['new', undefined, 'only the second'],
    ['new', 3, 'only the second'],
    ['old', 2, undefined],
    ['ne', undefined, undefined],
  ])('%s to generation %s', (name, generation, meaning) => {
    expect(lookUp(map, name, generation)).toBe(meaning);
  });
});
