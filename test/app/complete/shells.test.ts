import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../drivers/fixture/eventually.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';
import { ODD_KEY, someAgent } from './known.ts';

/** Real shells, with real keys where they can be had: what is typed, a tab, and Enter; a program in the place of mesh writes down its words. */
const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const lacks = (shell: string): boolean => !has(shell, '-c', 'true');
/** A terminal for them comes from script, of util-linux. */
const lacksTerminal = !has('script', '-qec', 'true', '/dev/null');

const MAIN = resolve(import.meta.dirname, '../../../bin/mesh.js');

let agent: Awaited<ReturnType<typeof someAgent>>;
beforeAll(async () => {
  agent = await someAgent();
});
afterAll(() => agent[Symbol.asyncDispose]());

interface Place {
  readonly folder: string;
  readonly env: Record<string, string>;
}

function place(): Place {
  const folder = temporaryFolder();
  for (const name of ['bin', 'home', 'home/run', 'here', 'here/my shop']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'here/my shop/main.hcl'), '');
  symlinkSync(join(agent.env['RPC_FOLDER']!, 'agent.sock'), join(folder, 'home/run/agent.sock'));
  const program = join(folder, 'bin/mesh');
  writeFileSync(
    program,
    `#!/bin/sh
case $1 in __complete | completion) exec '${process.execPath}' '${MAIN}' "$@" ;; esac
printf '%s\\n' "$@" > '${folder}/typed.new' && mv '${folder}/typed.new' '${folder}/typed'
`,
  );
  chmodSync(program, 0o755);
  const env = {
    PATH: `${folder}/bin:${process.env['PATH']}`,
    HOME: folder,
    MESH_HOME: join(folder, 'home'),
    CONSUL_HTTP_ADDR: agent.env['CONSUL_HTTP_ADDR']!,
    TERM: 'dumb',
    LC_ALL: 'C.UTF-8',
  };
  return { folder, env };
}

/** Types lines into an interactive shell, and returns what the program was called with for each. */
async function words(shell: string, setup: string, lines: readonly string[]): Promise<string[][]> {
  const { folder, env } = place();
  const typed = join(folder, 'typed');
  const child = spawn('script', ['-qec', shell, '/dev/null'], { cwd: join(folder, 'here'), env });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const ended = new Promise((done) => child.once('exit', done));
  const found: string[][] = [];
  try {
    child.stdin.write(`${setup}\n`);
    await eventually(`${shell} is ready`, () => shown.includes('ready> '));
    for (const line of lines) {
      let got: string[] = [];
      // A completion waits only a moment for an agent; on a busy machine somebody types it again.
      for (let tries = 0; tries < 5 && (got.length === 0 || line.endsWith(got.at(-1)!)); tries++) {
        rmSync(typed, { force: true });
        child.stdin.write(`${line}\t\n`);
        await eventually(`${line} was called (${shown})`, () => existsSync(typed));
        got = readFileSync(typed, 'utf8').split('\n').slice(0, -1);
      }
      found.push(got);
    }
    // A name that was not quoted would have run a command.
    expect(existsSync(join(folder, 'here/pwned'))).toBe(false);
    return found;
  } finally {
    child.stdin.write('\x03exit\n');
    child.kill();
    await ended;
  }
}

const CASES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['mesh stat', ['status']],
  ['mesh config read -kind=service-d', ['config', 'read', '-kind=service-defaults']],
  ['mesh intention create -deny web pay', ['intention', 'create', '-deny', 'web', 'payments']],
  ['mesh kv get odd', ['kv', 'get', ODD_KEY]],
  ['mesh kv get "odd', ['kv', 'get', ODD_KEY]],
  ['mesh kv get co:', ['kv', 'get', 'co:lon']],
  ['mesh run my', ['run', 'my shop/']],
  ['true && mesh taint k8s', ['taint', 'k8s_cluster.k3s']],
];

const LINES = CASES.map(([line]) => line);
const EXPECTED = CASES.map(([, expected]) => expected);

it('bash completes commands, names and paths, quoted as the line needs it', async ({ skip }) => {
  skip(lacksTerminal || lacks('bash'), 'bash or script is not installed');
  // The prompt as it is typed must not look like the prompt.
  const setup = `eval "$(mesh completion bash)"; PS1='rea''dy> '`;
  expect(await words('bash --norc --noprofile -i', setup, LINES)).toEqual(EXPECTED);
});

it('zsh completes them', async ({ skip }) => {
  skip(lacksTerminal || lacks('zsh'), 'zsh or script is not installed');
  const setup = `unsetopt prompt_sp; autoload -Uz compinit; compinit -D; eval "$(mesh completion zsh)"; PS1='rea''dy> '`;
  // It takes a slash that it has added away when Enter follows.
  const withoutSlash = EXPECTED.map((one) => one.map((word) => word.replace(/\/$/, '')));
  expect(await words('zsh -f -i', setup, LINES)).toEqual(withoutSlash);
});

it('fish completes them, and says what they are', async ({ skip }) => {
  skip(lacks('fish'), 'fish is not installed');
  const { folder, env } = place();
  const completed = async (line: string): Promise<string> => {
    const script = `mesh completion fish | source; complete -C '${line}'`;
    const { stdout } = await promisify(execFile)('fish', ['--no-config', '-c', script], { cwd: join(folder, 'here'), env });
    return stdout.trimEnd();
  };
  expect(await completed('mesh stat')).toBe('status\tShow what runs: workloads, services, sidecars, ports');
  let key = '';
  for (let tries = 0; tries < 5 && key === ''; tries++) key = await completed('mesh kv get odd');
  expect(key).toBe(`${ODD_KEY}\tkey`);
  expect(await completed('mesh config read -kind=service-d')).toBe('-kind=service-defaults');
  expect(await completed('mesh config delete -filename=my')).toBe('-filename=my shop/');
});

describe('installing', () => {
  const mesh = ({ env }: Place, ...args: string[]) => spawnSync('mesh', args, { env, encoding: 'utf8' });

  it('makes a file, and one line of what the shell reads at its start; uninstalling takes both away', () => {
    const here = place();
    const rc = join(here.folder, '.bashrc');
    writeFileSync(rc, 'export A=1\n');
    for (let i = 0; i < 2; i++) {
      const { status, stdout } = mesh(here, 'completion', 'install', 'bash');
      expect([status, stdout]).toEqual([0, expect.stringContaining(`${here.folder}/.local/share/mesh/completion.bash`)]);
    }
    const file = join(here.folder, '.local/share/mesh/completion.bash');
    expect(readFileSync(rc, 'utf8')).toBe(`export A=1\n[ ! -r ${file} ] || . ${file}\n`);
    if (!lacks('bash')) {
      const typed = execFileSync('bash', ['-c', `. ${rc}; complete -p mesh`], { env: here.env, encoding: 'utf8' });
      expect(typed).toBe('complete -F _mesh_complete mesh\n');
    }
    expect(mesh(here, 'completion', 'uninstall', 'bash').status).toBe(0);
    expect(readFileSync(rc, 'utf8')).toBe('export A=1\n');
    expect(existsSync(file)).toBe(false);
  });

  it('says what it needs', () => {
    const here = place();
    expect(mesh(here, 'completion')).toMatchObject({ status: 2, stderr: expect.stringContaining('which shell?') });
    expect(mesh(here, 'completion', 'zhs')).toMatchObject({ status: 2, stderr: expect.stringContaining('did you mean "zsh"?') });
    writeFileSync(join(here.folder, '.config'), '');
    const { status, stderr } = mesh(here, 'completion', 'install', 'fish');
    expect([status, stderr]).toEqual([4, expect.stringContaining("completion can't be written")]);
  });
});
