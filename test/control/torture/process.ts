import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { Client } from './client.ts';

const BANNER = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

/** Bundles `child.ts` into a folder, and answers where it is. */
export async function buildChild(dir: string): Promise<string> {
  const outfile = join(dir, 'child.mjs');
  const entry = new URL('./child.ts', import.meta.url).pathname;
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', banner: BANNER });
  return outfile;
}

/** A control plane in a process of its own. */
export interface AgentProcess extends AsyncDisposable {
  readonly client: Client;
  readonly child: ChildProcess;
  /** What it has logged as an error so far. */
  readonly errors: string;
}

/** Starts one on the files in `state`. `prefix` is put before it for the shell: `ulimit -f 64;`. Rejects when it doesn't start. */
export async function startChild(bundle: string, state: string, prefix = ''): Promise<AgentProcess> {
  const command = `${prefix} exec "${process.execPath}" "${bundle}" "${state}"`;
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), exited.then(() => [''])])) as [string];
  if (line === '') throw new Error(`the agent did not start: ${errors}`);
  const client = new Client(Number(line));
  return {
    client,
    child,
    get errors() {
      return errors;
    },
    [Symbol.asyncDispose]: async () => {
      client.close();
      child.kill('SIGKILL');
      await exited;
    },
  };
}
