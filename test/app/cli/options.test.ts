import { describe, expect, it } from 'vitest';
import { choiceOption, durationOption, givenValues, portOption } from '../../../src/app/cli/options.ts';
import type { Input } from '../../../src/commands/command.ts';

const input = (options: Input['options']): Input => ({ args: [], options });

describe('a duration', () => {
  it.each([
    ['60s', 60_000],
    ['500ms', 500],
    ['2m', 120_000],
    ['1m30s', 90_000],
    ['1.5s', 1500],
    ['5', 5000],
  ])('%s is %d ms', (text, ms) => {
    expect(durationOption(input({ timeout: text }), 'timeout')).toBe(ms);
  });

  it.each(['', 'soon', '0', '0s', '-5s', '5 s', '5x', '1e3', 'Infinity'])('cannot be %j', (text) => {
    expect(() => durationOption(input({ timeout: text }), 'timeout')).toThrow(
      expect.objectContaining({ code: 'usage', message: `--timeout is not a duration: ${JSON.stringify(text)}` }),
    );
  });
});

describe('a port', () => {
  it.each(['0', '1', '8500', '65535'])('can be %s', (text) => {
    expect(portOption(input({ httpPort: text }), 'http-port', 'httpPort')).toBe(Number(text));
  });

  it.each(['', '-1', '65536', '80.5', '0x50', '8500x', ' 80', '1e3', '99999'])('cannot be %j', (text) => {
    expect(() => portOption(input({ httpPort: text }), 'http-port', 'httpPort')).toThrow(
      expect.objectContaining({ code: 'usage', message: `--http-port is not a port: ${JSON.stringify(text)}` }),
    );
  });
});

describe('a choice', () => {
  it('is one of its words, and nothing like them', () => {
    expect(choiceOption(input({ ports: 'auto' }), 'ports', ['fixed', 'auto'])).toBe('auto');
    for (const ports of ['', 'AUTO', 'aut', 'toString']) {
      expect(() => choiceOption(input({ ports }), 'ports', ['fixed', 'auto'])).toThrow(
        expect.objectContaining({ code: 'usage', hint: 'one of: fixed, auto' }),
      );
    }
  });
});

describe('values of variables', () => {
  it('are all behind the first =, and files start from the current folder', () => {
    const options = { var: ['a=1', 'b=x=y,z', 'c='], varsFile: ['my.vars', '/abs.vars'] };
    expect(givenValues(input(options), '/here')).toEqual({
      files: ['/here/my.vars', '/abs.vars'],
      assignments: [
        { name: 'a', text: '1' },
        { name: 'b', text: 'x=y,z' },
        { name: 'c', text: '' },
      ],
    });
    expect(givenValues(input({}), '/here')).toEqual({ files: [], assignments: [] });
  });

  it.each(['region', '=eu', ''])('cannot be %j', (text) => {
    expect(() => givenValues(input({ var: [text] }), '/')).toThrow(
      expect.objectContaining({ code: 'usage', hint: 'write it as: --var name=value' }),
    );
  });
});
