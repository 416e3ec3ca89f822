import { PassThrough } from 'node:stream';
import type { Io } from '../../src/app/io.ts';

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
    programs: { agent: ['false'], dataplane: ['false'], fakeService: ['false'], docs: ['false'], traces: ['false'], mesh: ['false'] },
    diagnostics: false,
    shippedBlueprints: new URL('../../blueprints', import.meta.url).pathname,
    agentHttpAddress: () => undefined,
    ...more,
  };
}
