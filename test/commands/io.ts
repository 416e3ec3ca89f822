import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import type { Child, ChildOptions, Io } from '../../src/app/io.ts';

export interface TestIo extends Io {
  /** What has been written. */
  readonly written: { out: string; err: string };
}

/** The outside world of a command: strings for streams, no terminal, and a home that does not exist unless the test makes it. */
export function testIo(more: Partial<Io> = {}): TestIo {
  const written = { out: '', err: '' };
  return {
    written,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    outBytes: (bytes) => {
      written.out += Buffer.from(bytes).toString();
    },
    stdin: () => Promise.resolve(''),
    stdinBytes: () => Promise.resolve(Buffer.alloc(0)),
    env: { MESH_HOME: '/nonexistent/mesh' },
    cwd: '/',
    signal: new AbortController().signal,
    detach: new AbortController().signal,
    terminal: { stdoutIsTty: false, stderrIsTty: false, colour: false, animate: false, columns: 80 },
    platform: 'linux',
    pid: 4242,
    nodeVersion: '20.15.0',
    keyboard: () => new PassThrough(),
    screen: new PassThrough(),
    lend: () => Promise.resolve(0),
    start: (command, options) => Promise.resolve(startPiped(command, options, written)),
    programs: { agent: ['false'], dataplane: ['false'], fakeService: ['false'], docs: ['false'], traces: ['false'], mesh: ['false'] },
    diagnostics: false,
    shippedBlueprints: new URL('../../blueprints', import.meta.url).pathname,
    dashboardFolder: new URL('../../dist/ui', import.meta.url).pathname,
    agentHttpAddress: () => undefined,
    ...more,
  };
}

/** A real program, whose output is written down. */
export function startPiped(
  [program = '', ...args]: readonly string[],
  { env, cwd, input }: ChildOptions,
  written: TestIo['written'],
): Child {
  const child = spawn(program, args, { env, cwd });
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(typeof input === 'object' ? input.text : undefined);
  return {
    pid: child.pid,
    kill: (signal) => void child.kill(signal),
    exited: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    }),
  };
}
