import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runConsul } from '../../../../src/app/consul/top.ts';
import { testIo } from '../../../commands/io.ts';
import type { Ran } from './consul.ts';
import { FILES } from './scenario.ts';

export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs our command line in this process. */
export async function runOurs(argv: readonly string[], { cwd, env, stdin = '' }: Place): Promise<Ran> {
  const io = testIo({
    cwd,
    env: { PATH: process.env['PATH'], MESH_COMPAT: '1.8', ...env },
    stdin: () => Promise.resolve(stdin),
    stdinBytes: () => Promise.resolve(Buffer.from(stdin)),
  });
  const code = await runConsul(argv, io, 'consul');
  return { code, ...io.written };
}

/** The files that the steps of scenarios name. */
export async function writeFiles(cwd: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
}
