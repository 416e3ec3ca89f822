import { expect, it } from 'vitest';
import { splitTags, withPodName } from '../../../src/kube/inject/tags.ts';

it.each([
  ['', []],
  ['a', ['a']],
  ['a, b,,c ', ['a', 'b', 'c']],
  ['a\\,b,c', ['a,b', 'c']],
  ['\\,', [',']],
])('splits %j', (text, tags) => {
  expect(splitTags(text)).toEqual(tags);
});

it('puts the name of the pod in, whatever is in it', () => {
  expect(withPodName('$POD_NAME/$POD_NAME/$POD', 'a$&-0')).toBe('a$&-0/a$&-0/$POD');
});
