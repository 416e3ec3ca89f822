import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../../../src/app/io.ts';
import type { TestPlaneOptions } from '../../control/harness.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';

export type ConsulCommand = (argv: readonly string[], io: Io) => Promise<number>;

/** What a transcript shows of a command. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Shell extends AsyncDisposable {
  readonly api: TestApi;
  /** The user's folder. */
  readonly cwd: string;
  /** Addresses that `afterWrite` was called with. */
  readonly waited: readonly string[];
  /** Writes below the user's folder; `../shipped` holds the shipped blueprints. */
  file(path: string, text: string): Promise<void>;
  /** `words` are split at blanks; `*` stays. */
  run(words: string | readonly string[], io?: Partial<Io>): Promise<Ran>;
}

/** A folder, and an agent that its commands find by CONSUL_HTTP_ADDR. */
export async function openShell(command: ConsulCommand, options: TestPlaneOptions = {}): Promise<Shell> {
  const api = await openTestApi(options);
  const home = await mkdtemp(join(tmpdir(), 'mesh-cli-'));
  const cwd = join(home, 'work');
  await mkdir(cwd);
  const waited: string[] = [];
  return {
    api,
    cwd,
    waited,
    file: async (path, text) => {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), text);
    },
    run: async (words, more = {}) => {
      let out = '';
      let err = '';
      const io = {
        out: (text: string) => {
          out += text;
        },
        err: (text: string) => {
          err += text;
        },
        outBytes: (bytes: Uint8Array) => {
          out += Buffer.from(bytes).toString();
        },
        stdin: () => Promise.resolve(''),
        stdinBytes: () => Promise.resolve(Buffer.alloc(0)),
        env: { CONSUL_HTTP_ADDR: api.address },
        cwd,
        signal: new AbortController().signal,
        diagnostics: false,
        shippedBlueprints: join(home, 'shipped'),
        dashboardFolder: join(home, 'ui'),
        agentHttpAddress: () => api.address,
        afterWrite: (address: string) => {
          waited.push(address);
          return Promise.resolve();
        },
        ...more,
      } as Partial<Io> as Io;
      const code = await command(typeof words === 'string' ? words.split(' ').filter((word) => word !== '') : words, io);
      return { code, out, err };
    },
    [Symbol.asyncDispose]: async () => {
      await api[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}
