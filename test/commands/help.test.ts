import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOPICS } from '../../src/app/reference/topics.ts';
import { runProgram } from '../../src/commands/program.ts';
import { everyCommand } from './every.ts';
import { testIo } from './io.ts';

/** One file per command in test/golden/help. UPDATE_GOLDEN=1 writes what is said now: read the difference before committing it. */
const folder = join(import.meta.dirname, '../golden/help');

function check(name: string, actual: string): void {
  const path = join(folder, `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, actual);
  expect(actual).toBe(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
}

async function help(...argv: string[]): Promise<string> {
  const io = testIo();
  expect(await runProgram(argv, io)).toBe(0);
  expect(io.written.err).toBe('');
  return io.written.out;
}

const all = everyCommand();
const ours = all.filter(({ command }) => command.grammar === 'mesh');
const fileOf = (path: string): string => path.replaceAll(' ', '-');

describe('help', () => {
  it('shows every command', async () => {
    check('overview', await help('--help'));
  });

  it.each(all)('of $path', async ({ path }) => {
    check(fileOf(path), await help('help', ...path.split(' ')));
  });

  it.each(ours)('of $path is the same, however it is asked for', async ({ path, command }) => {
    const text = await help('help', ...path.split(' '));
    expect(await help(...path.split(' '), '--help')).toBe(text);
    expect(await help(...path.split(' '), '-h')).toBe(text);
    for (const alias of command.aliases ?? []) expect(await help(alias, '--help')).toBe(text);
    for (const alias of command.aliases ?? []) expect(await help('help', alias)).toBe(text);
  });

  it('of everything is the same, however it is asked for', async () => {
    const text = await help('--help');
    for (const argv of [['-h'], ['help'], ['help', '--help']]) expect(await help(...argv)).toBe(text);
  });

  it.each(all)('of $path fits a terminal of 120 columns', async ({ path }) => {
    const lines = (await help('help', ...path.split(' '))).split('\n');
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  });

  it.each(TOPICS)('of the topic $name', async ({ name }) => {
    check(`topic-${name}`, await help('help', name));
  });

  it('fits the terminal, and has headings that stand out only there', async () => {
    const on = async (columns: number, env: Record<string, string> = {}) => {
      const terminal = { stdoutIsTty: true, stderrIsTty: true, colour: true, animate: true, columns };
      const io = testIo({ terminal, env });
      await runProgram(['help', 'destroy'], io);
      return io.written.out;
    };
    expect(await on(60)).toContain('\u001b[1mOptions:\u001b[22m\n');
    for (const columns of [50, 60, 80]) {
      const lines = (await on(columns, { NO_COLOR: '1' })).split('\n');
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
    }
    expect(await on(500)).toBe(await on(100));
    expect(await on(80, { NO_COLOR: '1' })).not.toContain('\u001b');
  });

  it('has no golden of a command that is gone', () => {
    const known = new Set(
      ['overview', ...all.map(({ path }) => fileOf(path)), ...TOPICS.map(({ name }) => `topic-${name}`)].map((name) => `${name}.txt`),
    );
    expect(readdirSync(folder).filter((file) => !known.has(file))).toEqual([]);
  });
});
