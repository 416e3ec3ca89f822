import { readFile } from 'node:fs/promises';
import { ERRORS, MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { rotated } from '../../drivers/process/log-rotation.ts';
import { huesOf } from '../../ui/style.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { follow } from './follow.ts';
import { type LogFile, logFiles } from './log-files.ts';

/** `mesh logs`: reads the files that the workloads write. Following ends with a signal, and with its exit code. */
export async function logs(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const count = lineCount(String(input.options['lines']));
  const files = await logFiles(input.args, home, io.signal);
  const following = input.options['follow'] === true;
  const prefixes = prefixesOf(files, await huesOf(io.terminal.colour && io.terminal.stdoutIsTty));
  const followers: (() => Promise<void>)[] = [];
  for (const [i, { path }] of files.entries()) {
    const print = (line: string) => io.out(`${prefixes[i]}${line}\n`);
    const { lines, end } = await lastOf(path, count, following);
    for (const line of lines) print(line);
    followers.push(() => follow(path, end, print, io.signal));
  }
  if (!following) return 0;
  await Promise.all(followers.map((begin) => begin()));
  return io.signal.reason instanceof MeshError ? ERRORS[io.signal.reason.code].exit : 0;
}

function lineCount(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY;
  if (/^\d+$/.test(text)) return Number(text);
  throw new MeshError('usage', `--lines is not a number: ${JSON.stringify(text)}`, { hint: 'a number of lines, or "all"' });
}

/** One log needs no marks; several get them in one column, each in a colour of its own. */
function prefixesOf(files: readonly LogFile[], hues: readonly ((s: string) => string)[]): string[] {
  if (files.length === 1) return [''];
  const width = Math.max(...files.map(({ name }) => name.length));
  return files.map(({ name }, i) => `${hues[i % hues.length]!(name.padEnd(width))} | `);
}

/** The last lines of a log, and where the first line that is not whole begins. */
export async function lastOf(path: string, count: number, following: boolean): Promise<{ lines: string[]; end: number }> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const whole = bytes.lastIndexOf('\n') + 1;
  // The last words of a process may lack their line break; followed, the rest of that line is still to come.
  const lines = linesOf(bytes.toString('utf8', 0, following ? whole : bytes.length));
  if (count === 0) return { lines: [], end: whole };
  const older = lines.length < count ? linesOf(await readFile(rotated(path), 'utf8').catch(() => '')) : [];
  return { lines: [...older, ...lines].slice(-count), end: whole };
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
