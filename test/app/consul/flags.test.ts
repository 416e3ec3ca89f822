import { describe, expect, it } from 'vitest';
import { type Flag, flagListing, parseFlags } from '../../../src/app/consul/flags.ts';

const known: readonly Flag[] = [
  { name: 'kind', kind: 'string', value: 'string', doc: 'A kind.' },
  { name: 'cas', kind: 'bool', doc: 'A switch.' },
  { name: 'modify-index', kind: 'uint', value: 'uint', doc: 'A number.' },
  { name: 'meta', kind: 'list', value: 'value', doc: 'Pairs.' },
];

function parse(...argv: string[]): unknown {
  const parsed = parseFlags(known, argv);
  if (parsed.type === 'error') return parsed.message;
  const { flags, args } = parsed;
  return { kind: flags.string('kind'), cas: flags.bool('cas'), index: flags.uint('modify-index'), meta: flags.list('meta'), args };
}

const none = { kind: undefined, cas: false, index: 0, meta: [], args: [] };

describe('parseFlags', () => {
  it.each([
    [['-kind', 'k'], { kind: 'k' }],
    [['--kind=k'], { kind: 'k' }],
    [['-kind='], { kind: '' }],
    [['-kind', '-cas'], { kind: '-cas' }],
    [['-cas', 'x'], { cas: true, args: ['x'] }],
    [['-cas=false', '--modify-index', '7'], { cas: false, index: 7 }],
    [['-modify-index=0x10'], { index: 16 }],
    [['-meta', 'a=b', '-meta=c=d=e'], { meta: ['a=b', 'c=d=e'] }],
    [['file', '-cas'], { args: ['file', '-cas'] }],
    [['-', '-cas'], { args: ['-', '-cas'] }],
    [['-cas', '--', '-kind'], { cas: true, args: ['-kind'] }],
    [['-kind', 'a', '-kind', 'b'], { kind: 'b' }],
  ])('%j', (argv, expected) => {
    expect(parse(...argv)).toEqual({ ...none, ...expected });
  });

  it.each([
    [['-nope'], 'flag provided but not defined: -nope'],
    [['--nope=1'], 'flag provided but not defined: -nope'],
    [['-kind'], 'flag needs an argument: -kind'],
    [['-modify-index=abc'], 'invalid value "abc" for flag -modify-index: parse error'],
    [['-modify-index', '-1'], 'invalid value "-1" for flag -modify-index: parse error'],
    [['-cas=maybe'], 'invalid boolean value "maybe" for -cas: parse error'],
    [['---kind'], 'bad flag syntax: ---kind'],
    [['-=x'], 'bad flag syntax: -=x'],
  ])('%j is an error', (argv, message) => {
    expect(parse(...argv)).toBe(message);
  });
});

it('lists flags by name, as Go does', () => {
  expect(flagListing(known)).toBe(
    'Usage:\n  -cas\n    \tA switch.\n  -kind string\n    \tA kind.\n  -meta value\n    \tPairs.\n  -modify-index uint\n    \tA number.',
  );
});

describe('values of more kinds', () => {
  const kinds: readonly Flag[] = [
    { name: 'n', kind: 'int', doc: '' },
    { name: 'limit', kind: 'uint', explains: true, doc: '' },
    { name: 'on', kind: 'bool', explains: true, doc: '' },
    { name: 'wait', kind: 'duration', doc: '' },
    { name: 'ttl', kind: 'duration', explains: true, doc: '' },
    { name: 'meta', kind: 'map', doc: '' },
    { name: 'upstream', kind: 'list', doc: '', check: (value) => (value.includes(':') ? undefined : `no port in ${value}`) },
  ];

  it('are numbers, durations in milliseconds, and maps', () => {
    const parsed = parseFlags(kinds, [
      '-n=-3',
      '-wait',
      '1m30s',
      '-meta',
      'a=b=c',
      '-meta=d=',
      '-meta',
      'a=e',
      '-upstream',
      'a:1',
      '-upstream=b:2',
    ]);
    if (parsed.type === 'error') throw new Error(parsed.message);
    const { flags } = parsed;
    expect([flags.int('n'), flags.durationMs('wait'), flags.durationMs('ttl'), flags.uint('limit')]).toEqual([-3, 90_000, 0, 0]);
    expect(Array.from(flags.map('meta'))).toEqual([
      ['a', 'e'],
      ['d', ''],
    ]);
    expect(flags.list('upstream')).toEqual(['a:1', 'b:2']);
  });

  it.each([
    ['-n=x', 'invalid value "x" for flag -n: parse error'],
    ['-limit=-1', 'invalid value "-1" for flag -limit: strconv.ParseUint: parsing "-1": invalid syntax'],
    ['-on=xx', 'invalid boolean value "xx" for -on: strconv.ParseBool: parsing "xx": invalid syntax'],
    ['-wait=5', 'invalid value "5" for flag -wait: parse error'],
    ['-ttl=x', 'invalid value "x" for flag -ttl: time: invalid duration "x"'],
    ['-meta=x', 'invalid value "x" for flag -meta: Missing "=" value in argument: x'],
    ['-upstream=x', 'invalid value "x" for flag -upstream: no port in x'],
  ])('%s is none', (word, message) => {
    expect(parseFlags(kinds, [word])).toEqual({ type: 'error', message });
  });
});
