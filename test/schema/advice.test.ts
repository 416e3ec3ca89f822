import { describe, expect, it } from 'vitest';
import { bodyToLocated, parseHcl2 } from '../../src/hcl/hcl2/index.ts';
import { decode } from '../../src/schema/decode.ts';
import { bool, duration, int, list, object, optional, required, type Schema, string } from '../../src/schema/schema.ts';

const image = object({ name: required(string(), 'Image.'), user: optional(string(), 'User.') });
const port = object({ local: required(int(), 'Port.'), host: optional(int(), 'Port of the machine.') });
const env = object({ key: required(string(), 'Name.'), value: required(string(), 'Value.') });

/** What is said about one attribute or block `v`, in a line. */
function advised(schema: Schema, text: string): string[] {
  const { body } = parseHcl2({ name: 'a.hcl', text });
  const variables = new Map([['secret', { type: 'string', value: 'hunter2' } as const]]);
  const { value } = bodyToLocated(body, { variables, functions: new Map() });
  const { diagnostics } = decode(value, object({ v: optional(schema, 'It.') }));
  return diagnostics.map(({ summary, hint }) => (hint === undefined ? summary : `${summary}; ${hint}`));
}

describe('advice', () => {
  it.each<[string, Schema, string, string]>([
    ['a block written as an attribute', image, 'v = "nginx"', '"v" must be a block, not a string; write v { name = "nginx" }'],
    ['repeated blocks, with a number', list(port), 'v = 80', '"v" must be a block, not a number; write v { local = 80 }'],
    [
      'one object for many blocks',
      list(env),
      'v = { A = "b" }',
      '"v" must be blocks, not an object; write one block for each: v { … }, with key and value in it',
    ],
    ['a value that fits no field of the block', image, 'v = true', '"v" must be a block, not a bool; write v { name = … }'],
    ['an attribute written as a block', string(), 'v {\n}', '"v" is an attribute, not a block; write v = "…"'],
    ['a list of one, without brackets', list(string()), 'v = "a"', '"v" must be a list, not a string; write v = ["a"]'],
    ['a word for a bool', bool(), 'v = "On"', '"v" must be true or false, not "On"; write true'],
    ['a protocol behind a port', int(), 'v = "80/tcp"', '"v" must be a whole number, not "80/tcp"; write 80'],
    ['a duration without a unit', duration(), 'v = "30"', '"v" is not a duration: "30"; write "30s"'],
    ['a duration in words', duration(), 'v = "5 minutes"', '"v" is not a duration: "5 minutes"; write "5m"'],
    ['a number for a duration', duration(), 'v = 30', '"v" must be a duration such as "30s", not a number; write "30s"'],
  ])('%s', (_what, schema, text, said) => {
    expect(advised(schema, text)).toEqual([said]);
  });

  it('shows no value that was computed', () => {
    expect(advised(image, 'v = secret')).toEqual(['"v" must be a block, not a string; write v { name = … }']);
    expect(advised(int(), 'v = secret')).toEqual(['"v" must be a whole number, not a string']);
  });

  it('leaves alone what is right', () => {
    expect(advised(list(env), 'v = [{ key = "a", value = "b" }]')).toEqual([]);
    expect(advised(image, 'v = { name = "nginx" }')).toEqual([]);
    expect(advised(list(string()), 'v = ["a"]')).toEqual([]);
  });
});
