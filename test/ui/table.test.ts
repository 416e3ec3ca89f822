import { describe, expect, it } from 'vitest';
import { age, renderTable } from '../../src/ui/table.ts';

describe('a table', () => {
  it('pads each column to its widest cell, two spaces apart, and leaves no trailing blanks', () => {
    const text = renderTable(
      ['NAME', 'STATE', 'WHY'],
      [
        ['payments', 'ready', ''],
        ['web', 'backoff (exit 1)', 'port taken'],
      ],
    );
    expect(text).toBe(['NAME      STATE             WHY', 'payments  ready', 'web       backoff (exit 1)  port taken'].join('\n'));
  });

  it('without rows is its header', () => {
    expect(renderTable(['NAME', 'UP'], [])).toBe('NAME  UP');
  });

  it('takes a row that is too short for its cells to be empty', () => {
    expect(renderTable(['A', 'B'], [['1']])).toBe('A  B\n1');
  });

  it('has numbers at the right, and colours around cells that have their width', () => {
    const rows = [
      ['web', '7', 'a'],
      ['payments', '1234', 'b'],
    ];
    const paint = (text: string, row: number, column: number) => (row === 1 && column === 1 ? `<${text}>` : text);
    expect(renderTable(['NAME', 'RPS', 'X'], rows, undefined, { right: new Set([1]), paint })).toBe(
      ['NAME       RPS  X', 'web       <   7>  a', 'payments  1234  b'].join('\n'),
    );
  });
});

describe('a table that is too wide', () => {
  const header = ['NAME', 'IMAGE', 'PATH'];
  const rows = [
    ['web', 'nicholasjackson/fake-service:v1', '/home/me/blueprints/v2'],
    ['db', 'postgres', '/db'],
  ];
  const shrink = [
    { column: 1, keep: 'end' },
    { column: 2, keep: 'start' },
  ] as const;

  it('cuts the columns that may be cut, as far as needed, one after the other', () => {
    expect(renderTable(header, rows, { width: 50, shrink })).toBe(
      ['NAME  IMAGE                 PATH', 'web   …son/fake-service:v1  /home/me/blueprints/v2', 'db    postgres              /db'].join(
        '\n',
      ),
    );
    expect(renderTable(header, rows, { width: 30, shrink })).toBe(
      ['NAME  IMAGE     PATH', 'web   …vice:v1  /home/me/blue…', 'db    postgres  /db'].join('\n'),
    );
  });

  it('leaves columns out only when cutting is not enough, as many as it takes', () => {
    expect(renderTable(header, rows, { width: 30, shrink, drop: [2, 1] })).toBe(renderTable(header, rows, { width: 30, shrink }));
    expect(renderTable(header, rows, { width: 21, shrink, drop: [2, 1] })).toBe(
      ['NAME  IMAGE', 'web   …ake-service:v1', 'db    postgres'].join('\n'),
    );
    expect(renderTable(header, rows, { width: 8, shrink, drop: [2, 1] })).toBe(['NAME', 'web', 'db'].join('\n'));
  });

  it('does not cut what fits, nor more than leaves a word', () => {
    expect(renderTable(header, rows, { width: 200, shrink })).toBe(renderTable(header, rows));
    expect(renderTable(header, rows, { width: 1, shrink }).split('\n')[1]).toBe('web   …vice:v1  /home/m…');
  });
});

describe('an age', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const at = (seconds: number) => age(since, Date.parse(since) + seconds * 1000);

  it.each([
    [0, '0s'],
    [59.999, '59s'],
    [60, '1m'],
    [3599, '59m'],
    [3600, '1h'],
    [86_399, '23h'],
    [86_400, '1d'],
    [864_000, '10d'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(at(seconds)).toBe(text);
  });

  it('is never negative, when a clock was set back', () => {
    expect(at(-5)).toBe('0s');
  });
});
