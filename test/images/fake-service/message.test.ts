import { expect, it } from 'vitest';
import { messageBody } from '../../../src/images/fake-service/message.ts';

it.each([
  ['hello', true, '"hello"'],
  ['a\\nb', true, '"a\\nb"'],
  ['say "hi"', true, '"say \\"hi\\""'],
  ['two\nlines', true, '"two\\nlines"'],
  ['{"v": 1.0}', true, '{"v": 1.0}'],
  ['[1]', true, '"[1]"'],
  ['{"v": 1.0}', false, '"{\\"v\\": 1.0}"'],
  ['a\\nb', false, '"a\\\\nb"'],
])('%j (raw: %s) is %s', (message, rawBody, body) => expect(messageBody(message, { rawBody })).toEqual({ body }));

it('is wrong when it starts as an object and is none', () => {
  expect(messageBody('{{ name }}', { rawBody: true }).error).toMatch(/^MESSAGE starts with "{", so it must be JSON, but: /);
  expect(messageBody('{{ name }}', { rawBody: false }).error).toBeUndefined();
});
