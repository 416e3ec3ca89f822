import { execFile, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What `npm pack` makes, and that it works where nothing else is: no node_modules above, no registry. */
const root = resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let folder: string;
let packed: Packed;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-package-'));
  const { stdout } = await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    maxBuffer: 10_000_000,
  });
  packed = (JSON.parse(stdout) as [Packed])[0];
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where a process listens that is not loopback: as the kernel writes it, address and port in hexadecimal. */
function reachedFromElsewhere(pid: number): string[] {
  if (process.platform !== 'linux') return [];
  const fds = `/proc/${pid}/fd`;
  const own = new Set(readdirSync(fds).map((fd) => /^socket:\[(\d+)\]$/.exec(targetOf(join(fds, fd)))?.[1]));
  const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1));
  const listening = rows.map((row) => row.trim().split(/\s+/)).filter((row) => row[3] === '0A' && own.has(row[9]));
  expect(listening.length).toBeGreaterThan(0);
  const isLoopback = (address: string): boolean => /^(.{6}7F|0{24}01000000|.{16}FFFF0000.{6}7F):/.test(address);
  return listening.map((row) => row[1]!).filter((address) => !isLoopback(address));
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

describe('the package', () => {
  it('holds what users need, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const tops = [...new Set(paths.map((path) => path.split('/')[0]))].toSorted((a, b) => (a! < b! ? -1 : 1));
    expect(tops).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'bin',
      'blueprints',
      'dist',
      'docs',
      'examples',
      'package.json',
    ]);
    for (const needed of ['dist/main.js', 'dist/LICENSES.txt', 'blueprints/v5/canary.hcl', 'docs/http-api.md', 'dist/ui/index.html'])
      expect(paths).toContain(needed);
    const unwanted = paths.filter((path) => !path.startsWith('examples/') && /\.map$|(?<!\.d)\.tsx?$|\.test\./.test(path));
    expect(unwanted).toEqual([]);
  });

  it('is small: it is fetched by whoever types npx', () => {
    expect(packed.size).toBeLessThan(4_000_000);
    expect(packed.unpackedSize).toBeLessThan(12_000_000);
  });

  it('needs no other package, and runs no script when it is installed', () => {
    for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundledDependencies'])
      expect(manifest[field], field).toBeUndefined();
    const scripts = Object.keys(manifest['scripts'] as object);
    expect(scripts.filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
    expect(scripts).toContain('prepack');
  });

  it('brings the licence of every package that is bundled', () => {
    const texts = readFileSync(join(root, 'dist/LICENSES.txt'), 'utf8');
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
    const imported = sources.flatMap((file) => {
      const text = readFileSync(join(root, 'src', file), 'utf8').replaceAll(/import type [^;]*;/g, '');
      const found = [...text.matchAll(/(?:from |import\()'((?:@[\w.-]+\/)?[a-z][\w.-]*)/g)];
      return found.map(([, name]) => name!).filter((name) => existsSync(join(root, 'node_modules', name)));
    });
    expect(new Set(imported).size).toBeGreaterThan(8);
    for (const name of new Set(imported)) expect(texts, name).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')} \\d`, 'm'));
    expect(texts.match(/^={80}$/gm)!.length).toBe(2 * texts.match(/^\S+ \d+\.\S+ \([\w -]+\)$/gm)!.length);
  });

  it('is under the whole text of its licence', () => {
    const text = readFileSync(join(root, 'LICENSE'), 'utf8');
    for (const part of ['TERMS AND CONDITIONS FOR USE', '9. Accepting Warranty', 'END OF TERMS AND CONDITIONS', 'APPENDIX'])
      expect(text).toContain(part);
    expect(manifest['license']).toBe('Apache-2.0');
  });
});

describe('installed into an empty folder, without a registry', () => {
  let here: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    here = join(folder, 'here');
    mkdirSync(here);
    env = { PATH: process.env['PATH']!, HOME: folder, MESH_HOME: join(folder, 'home'), npm_config_cache: join(folder, 'cache') };
    const tarball = join(folder, packed.filename);
    const args = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', here, tarball];
    await promisify(execFile)('npm', args, { cwd: here, env });
  }, 60_000);

  const mesh = (...args: string[]) => spawnSync(join(here, 'node_modules/.bin/mesh'), args, { cwd: here, env, encoding: 'utf8' });

  it('is one package', () => {
    expect(readdirSync(join(here, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['mesh']);
  });

  it.each([
    ['its version', ['--version'], `mesh ${String(manifest['version'])}`],
    ['help', ['--help'], 'Start here:'],
    ['a whole blueprint read', ['validate', 'v5'], 'v5'],
    ['feature files read', ['test', 'v2', '--dry-run'], 'Scenario'],
    ['formatting', ['fmt', '--check', '.'], ''],
    ['a look at the machine', ['check'], 'Node.js'],
    ["Consul's commands", ['kv', '--help'], 'Usage: mesh kv'],
    ['completion', ['__complete', 'zsh', 'mesh', 'stat'], 'status'],
  ])('%s works', (_what, args, says) => {
    const { stdout, stderr, status } = mesh(...args);
    expect([status, stderr.includes('ERR_MODULE_NOT_FOUND')]).toEqual([0, false]);
    expect(stdout + stderr).toContain(says);
  });

  it('runs a mesh', async () => {
    const run = mesh('run', 'v2', '--ports', 'auto', '--http-port', '0', '--no-browser', '--json');
    try {
      expect(run.stderr).not.toContain('error');
      expect(run.status).toBe(0);
      const { status } = JSON.parse(run.stdout) as { status: { ingresses: { url: string }[] } };
      const answer = await (await fetch(status.ingresses[0]!.url)).text();
      expect(answer).toContain('payments');
      // Whoever else is on this machine reads nothing of it, and nobody else reaches it.
      const inside = readdirSync(env['MESH_HOME']!, { recursive: true, encoding: 'utf8' }).map((name) => join(env['MESH_HOME']!, name));
      const open = inside.filter((path) => (lstatSync(path).isDirectory() || path.endsWith('.log')) && lstatSync(path).mode & 0o077);
      expect(open).toEqual([]);
      const { agent } = JSON.parse(mesh('status', '--json').stdout) as { agent: { pid: number; dataplane: { pid: number } } };
      expect([agent.pid, agent.dataplane.pid].flatMap(reachedFromElsewhere)).toEqual([]);
    } finally {
      expect(mesh('purge', '-y').status).toBe(0);
    }
  });

  it('is found by its name in code', () => {
    const script = `import('mesh').then((library) => console.log(Object.keys(library).includes('startMesh')))`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: here, env, encoding: 'utf8' });
    expect(stdout.trim()).toBe('true');
  });
});
