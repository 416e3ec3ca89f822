import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** A process that lives this long keeps its code for the next one; one that ends sooner does so at its end. */
const KEEP_AFTER_MS = 3_000;

type Run = (exports: unknown, require: NodeJS.Require, module: Module, filename: string, dirname: string) => void;

/**
 * Runs a CommonJS bundle as Node would, with the machine code that V8 made of it the last time: parsing and compiling is
 * most of what a short process does. Kept in `$XDG_CACHE_HOME/mesh` (`~/.cache/mesh`); whatever is wrong with it, the bundle
 * runs without.
 */
export function load(file: string): void {
  const source = readFileSync(file, 'utf8');
  const cache = cacheOf(file);
  const cachedData = cache && readIfOwn(cache);
  const script = new Script(Module.wrap(source), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  if (cache && (!cachedData || script.cachedDataRejected)) keepLater(script, cache);
  const module = new Module(file);
  module.filename = file;
  const run = script.runInThisContext() as Run;
  run.call(module.exports, module.exports, Module.createRequire(file), module, file, dirname(file));
}

interface Cache {
  readonly folder: string;
  /** Of all that were ever kept for this bundle. */
  readonly prefix: string;
  /** Changes with the bundle and with Node: V8 itself compares only lengths. */
  readonly name: string;
}

function cacheOf(file: string): Cache | undefined {
  const { env, version, arch } = process;
  const base = env['XDG_CACHE_HOME'] || (env['HOME'] && join(env['HOME'], '.cache'));
  if (!base || env['MESH_CODE_CACHE'] === 'off') return undefined;
  const { mtimeMs, size } = statSync(file);
  const prefix = `${basename(file, '.cjs')}-${digestOf(file)}-`;
  return { folder: join(base, 'mesh'), prefix, name: `${prefix}${version}-${arch}-${Math.round(mtimeMs)}-${size}` };
}

/** What somebody else could have written is not run. */
function readIfOwn({ folder, name }: Cache): Buffer | undefined {
  try {
    return isOwn(folder) ? readFileSync(join(folder, name)) : undefined;
  } catch {
    return undefined;
  }
}

function isOwn(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

function keepLater(script: Script, cache: Cache): void {
  let kept = false;
  const keep = (): void => {
    if (kept) return;
    kept = true;
    try {
      write(script.createCachedData(), cache);
    } catch {
      // A full or read-only disk: the next start is as slow as this one.
    }
  };
  setTimeout(keep, KEEP_AFTER_MS).unref();
  process.once('exit', keep);
}

function write(data: Buffer, { folder, prefix, name }: Cache): void {
  // Level by level: Node's recursive way never returns for some places that can't be made (below /proc).
  for (const level of [dirname(folder), folder]) if (!existsSync(level)) mkdirSync(level, { mode: 0o700 });
  if (!isOwn(folder)) return;
  const temporary = join(folder, `${name}.${process.pid}`);
  // On the disk before it gets its name: V8 notices a cut, but not a hole.
  writeFileSync(temporary, data, { mode: 0o600, flush: true });
  for (const other of readdirSync(folder))
    if (other.startsWith(prefix) && !other.startsWith(name)) rmSync(join(folder, other), { force: true });
  renameSync(temporary, join(folder, name));
}

/** FNV-1a, 32 bits: tells installations apart. */
function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
