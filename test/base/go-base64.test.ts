import { expect, it } from 'vitest';
import { decodeBase64 } from '../../src/base/go-base64.ts';

it.each([
  ['', '', undefined],
  ['aGk=', 'hi', undefined],
  ['aG\nk=\r\n', 'hi', undefined],
  ['aGlo', 'hih', undefined],
  ['aGk', '', 0],
  ['aGloaG', 'hih', 4],
  ['aGlo=', 'hih', 4],
  ['aGloaA=', 'hih', 6],
  ['aGloaG-k', 'hih', 6],
  ['a===', '', 1],
])('decodes %j up to what Go calls wrong', (text, decoded, badAt) => {
  const error = badAt === undefined ? undefined : `illegal base64 data at input byte ${badAt}`;
  expect(decodeBase64(text)).toEqual({ value: Buffer.from(decoded), error });
});
