import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { ERRORS, MeshError, systemCode } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { call, isUnreachable } from '../rpc/client.ts';
import type { StatusReport } from '../rpc/status.ts';
import { VERSION } from '../version.ts';
import { findWorkloads, nothingCalled } from './find-workloads.ts';

interface LogFile {
  readonly name: string;
  readonly path: string;
}

/** `mesh logs`: reads the files that the workloads write. Following ends with a signal, and with its exit code. */
export async function logs(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const lines = lineCount(String(input.options['lines']));
  const files = await logFiles(input.args[0]!, home, io.signal);
  const following = input.options['follow'] === true;
  const prefix = (file: LogFile) => (files.length > 1 ? `[${file.name}] ` : '');
  const offsets = new Map<string, number>();
  for (const file of files) {
    const bytes = await readFile(file.path).catch(() => Buffer.alloc(0));
    const whole = bytes.lastIndexOf('\n') + 1;
    // The last words of a process may lack their line break; followed, the rest of that line is still to come.
    const text = bytes.toString('utf8', 0, following ? whole : bytes.length).replace(/\n$/, '');
    offsets.set(file.path, whole);
    for (const line of text === '' || lines === 0 ? [] : text.split('\n').slice(-lines)) io.out(`${prefix(file)}${line}\n`);
  }
  if (!following) return 0;
  await Promise.all(files.map((file) => follow(file, offsets.get(file.path)!, (line) => io.out(`${prefix(file)}${line}\n`), io.signal)));
  return io.signal.reason instanceof MeshError ? ERRORS[io.signal.reason.code].exit : 0;
}

function lineCount(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY;
  if (/^\d+$/.test(text)) return Number(text);
  throw new MeshError('usage', `--lines is not a number: ${JSON.stringify(text)}`, { hint: 'a number of lines, or "all"' });
}

async function logFiles(name: string, home: Home, signal: AbortSignal): Promise<LogFile[]> {
  if (name === 'agent') return [{ name, path: home.agentLog }];
  if (name === 'dataplane') return [{ name, path: `${home.logDir}/dataplane.log` }];
  let report: StatusReport;
  try {
    report = await call(home.agentSocket, 'status', {}, { version: VERSION, detach: signal });
  } catch (error) {
    const left = isUnreachable(error) ? await filesNamed(name, home, hasName) : [];
    if (left.length === 0) throw error;
    return left;
  }
  const found = findWorkloads(name, report).map((workload) => ({ name: workload.name, path: workload.log }));
  if (found.length > 0) return found;
  // What ran once has left only its output.
  const ended = await filesNamed(name, home, isId);
  if (ended.length > 0) return ended;
  throw nothingCalled(name, report, ['agent', 'dataplane']);
}

/** The files tell by themselves: their names are the ids of the workloads (`container.payments`, `k8s_config.web_web-0_web`). */
async function filesNamed(name: string, home: Home, matches: (id: string, name: string) => boolean): Promise<LogFile[]> {
  const names = (await readdir(home.logDir).catch(() => [])).filter((file) => file.endsWith('.log'));
  const ids = names.map((file) => file.slice(0, -'.log'.length));
  return ids.filter((id) => matches(id, name)).map((id) => ({ name: id, path: `${home.logDir}/${id}.log` }));
}

const isId = (id: string, name: string): boolean => id === name || id.endsWith(`.${name}`);

/** Looser, for when nobody can tell what belongs to a name. */
const hasName = (id: string, name: string): boolean => isId(id, name) || id.split(/[._]/).includes(name);

const POLL_MS = 100;

/** Prints what is appended, until the signal. A file that shrinks was rotated: it is read from its start again. */
async function follow(file: LogFile, from: number, print: (line: string) => void, signal: AbortSignal): Promise<void> {
  let offset = from;
  let rest = '';
  let decoder = new StringDecoder('utf8');
  while (!signal.aborted) {
    const size = (await stat(file.path).catch(() => undefined))?.size ?? 0;
    if (size < offset) {
      offset = 0;
      rest = '';
      decoder = new StringDecoder('utf8');
    }
    if (size > offset) {
      for await (const chunk of appended(file.path, offset, size)) {
        offset += chunk.length;
        rest += decoder.write(chunk);
      }
      const lines = rest.split('\n');
      rest = lines.pop()!;
      for (const line of lines) print(line);
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, POLL_MS);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** The bytes between two offsets; fewer if the file has been cut or removed meanwhile. */
async function* appended(path: string, from: number, to: number): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { start: from, end: to - 1 })) yield chunk as Buffer;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
