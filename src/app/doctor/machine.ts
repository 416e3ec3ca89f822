import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../io.ts';
import { openerOf } from '../opener.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** As in package.json. */
const NODE = { major: 20, minor: 15 };

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > NODE.major || (major === NODE.major && minor >= NODE.minor);
  const wanted = `${NODE.major}.${NODE.minor}`;
  return enough
    ? ok('Node.js', version)
    : fail('Node.js', `${version}, which is older than ${wanted}`, `install Node.js ${wanted} or newer`);
}

const run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile(file, args, { timeout: 5000, env }, (error, stdout) => resolve(error ? undefined : stdout.trim()));
  });

export async function checkGit({ env }: Pick<Io, 'env'>): Promise<Finding> {
  const version = await run('git', ['--version'], { ...env });
  if (version !== undefined) return ok('git', version.replace(/^git version /, ''));
  return warn('git', 'not found', 'only blueprints and modules that come from git need it');
}

export async function checkBrowser(io: Pick<Io, 'env' | 'platform'>): Promise<Finding> {
  const opener = openerOf(io);
  const folders = opener.includes('/') ? [''] : (io.env['PATH'] ?? '').split(':');
  for (const folder of folders) {
    const found = await access(join(folder, opener), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return ok('browser', opener);
  }
  return warn('browser', `${opener} was not found`, 'pages are not opened by themselves; set BROWSER to a program that opens them');
}

/** Sockets and files for a few dozen services, and the connections between them. */
const FILES = 1024;
/** A shell and a program for each of them. */
const PROCESSES = 512;

export async function checkLimits({ env }: Pick<Io, 'env'>): Promise<Finding[]> {
  // Through a shell: what a workload would have.
  const [files, processes] = ((await run('/bin/sh', ['-c', 'ulimit -n; ulimit -u 2>/dev/null || ulimit -p'], { ...env })) ?? '').split(
    '\n',
  );
  return [limit('open files', files, FILES, 'ulimit -n 4096'), limit('processes', processes, PROCESSES, 'ulimit -u 4096')];
}

function limit(name: string, text: string | undefined, least: number, hint: string): Finding {
  if (text === undefined || text === '') return warn(name, 'the limit can not be learnt', `see that it is at least ${least}`);
  const enough = text === 'unlimited' || Number(text) >= least;
  return enough ? ok(name, `limit ${text}`) : warn(name, `limit ${text}, which large blueprints may reach`, hint);
}
