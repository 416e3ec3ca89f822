import { readFile } from 'node:fs/promises';
import { ERRORS, MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { rotated } from '../../drivers/process/log-rotation.ts';
import { huesOf } from '../../ui/style.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { follow } from './follow.ts';
import { type LogFile, logFiles } from './log-files.ts';
import { huesFor, type LogLine, mergeLogs, timeOf } from './log-lines.ts';
import { durationOption } from './options.ts';

/** `mesh logs`: reads the files that the workloads write, in the order of time. Following ends with a signal, and with its exit code. */
export async function logs(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const { options } = input;
  const count = lineCount(String(options['lines']));
  const since = options['since'] === undefined ? undefined : Date.now() - durationOption(input, 'since');
  const files = await logFiles(input.args, home, io.signal);
  const following = options['follow'] === true;
  const asJson = options['json'] === true;
  const prefixes = prefixesOf(files, await huesOf(io.terminal.colour && io.terminal.stdoutIsTty));
  const print = ({ log, line, at }: LogLine): void => {
    const { name: source } = files[log]!;
    io.out(asJson ? `${JSON.stringify({ ...(at === undefined ? {} : { at }), source, line })}\n` : `${prefixes[log]}${line}\n`);
  };
  const ends = await Promise.all(files.map(({ path, about }) => lastOf(path, count, following, about)));
  for (const entry of mergeLogs(ends.map(({ lines }) => lines)))
    if (since === undefined || entry.at === undefined || entry.at >= since) print(entry);
  if (!following) return 0;
  const follower = ({ path, about }: LogFile, log: number): Promise<void> => {
    const arrived = (line: string): void => {
      if (about === undefined || line.includes(about)) print({ log, line, at: timeOf(line) ?? Date.now() });
    };
    return follow(path, ends[log]!.end, arrived, io.signal);
  };
  await Promise.all(files.map(follower));
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
  const own = huesFor(
    files.map(({ name }) => name),
    hues.length,
  );
  return files.map(({ name }, i) => `${hues[own[i]!]!(name.padEnd(width))} | `);
}

/** The last lines of a log, and where the first line that is not whole begins. */
export async function lastOf(path: string, count: number, following: boolean, about?: string): Promise<{ lines: string[]; end: number }> {
  const wanted = (lines: string[]): string[] => (about === undefined ? lines : lines.filter((line) => line.includes(about)));
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const whole = bytes.lastIndexOf('\n') + 1;
  // The last words of a process may lack their line break; followed, the rest of that line is still to come.
  const lines = wanted(linesOf(bytes.toString('utf8', 0, following ? whole : bytes.length)));
  if (count === 0) return { lines: [], end: whole };
  const older = lines.length < count ? wanted(linesOf(await readFile(rotated(path), 'utf8').catch(() => ''))) : [];
  return { lines: [...older, ...lines].slice(-count), end: whole };
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
