import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshError, messageOf, systemCode } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { foldersIn, isBlueprint } from './locate.ts';
import { PROTOCOLS, type RemoteAddress } from './remote-address.ts';

export interface RemoteOptions {
  /** Folder that holds the clones. */
  readonly cache: string;
  /** Whether to ask the network: always, for what isn't there yet, or never. */
  readonly when: 'always' | 'missing' | 'never';
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Called before something is fetched. */
  onFetch?(address: RemoteAddress): void;
}

/** Where the clone of an address lies: one folder for each repository and ref. */
function cloneFolder({ url, ref, shown }: RemoteAddress, cache: string): string {
  const digest = createHash('sha256')
    .update(`${url}\0${ref ?? ''}`)
    .digest('hex')
    .slice(0, 12);
  const words = shown
    .replace(/^\w+::|\?.*$/g, '')
    .replace(/^\w+:\/\//, '')
    .replace(/\/\/.*$/, '');
  const slug = words
    .replace(/[^\w.-]+/g, '-')
    .slice(-60)
    .replace(/^[-.]+/, '');
  return join(cache, `${slug}-${digest}`);
}

/** Clones a repository unless that was done before. Returns the folder of the blueprint in it. */
export async function fetchRemote(address: RemoteAddress, options: RemoteOptions): Promise<string> {
  const clone = cloneFolder(address, options.cache);
  if (options.when === 'always' || !(await exists(clone))) {
    if (options.when === 'never') throw new MeshError('invalid', `${address.shown} has not been fetched`);
    options.onFetch?.(address);
    await renew(clone, address, options);
  }
  const folder = join(clone, address.folder);
  if (await isBlueprint(folder)) return folder;
  throw await noBlueprint(address, clone);
}

/** Made beside the old clone: what fails leaves that as it was. */
async function renew(clone: string, address: RemoteAddress, options: RemoteOptions): Promise<void> {
  await mkdir(options.cache, { recursive: true, mode: 0o700 });
  const fresh = await mkdtemp(`${clone}.new-`);
  try {
    await git(['init', '--quiet', '--template=', fresh], options, address);
    // Only the one commit, whatever the ref is: a branch, a tag, or a commit that the server gives out.
    const only = ['--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules'];
    await git(['-C', fresh, 'fetch', ...only, '--', address.url, address.ref ?? 'HEAD'], options, address);
    await git(['-C', fresh, '-c', 'advice.detachedHead=false', 'checkout', '--quiet', '--detach', 'FETCH_HEAD'], options, address);
    await rm(clone, { recursive: true, force: true });
    await rename(fresh, clone).catch((error: unknown) => {
      // Another command was faster.
      if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Nothing of git may ask, run what the repository brings along, or wait for ever. */
const SETTINGS = ['submodule.recurse=false', 'core.hooksPath=/dev/null', 'http.lowSpeedLimit=100', 'http.lowSpeedTime=30'].flatMap(
  (setting) => ['-c', setting],
);

async function git(args: readonly string[], { env, signal }: RemoteOptions, address: RemoteAddress): Promise<void> {
  signal.throwIfAborted();
  // A repository around the caller (a hook, say) is none of this one's business.
  const outer = Object.entries(env).filter(
    ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|COMMON_DIR|PREFIX|NAMESPACE)$/.test(name),
  );
  const child = spawn('git', [...SETTINGS, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    env: {
      GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
      ...Object.fromEntries(outer),
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: PROTOCOLS.join(':'),
    },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    const hint = `install git, or get the files of ${address.shown} in another way and name their folder`;
    if (systemCode(error) === 'ENOENT') throw new MeshError('environment', 'git, which fetches blueprints, is not installed', { hint });
    throw new MeshError('environment', `git can't be run: ${messageOf(error)}`, { hint });
  });
  if (code !== 0) throw failed(address, said);
}

function failed(address: RemoteAddress, said: string): MeshError {
  const lines = said
    .trim()
    .split('\n')
    .slice(-5)
    .map((line) => `  ${line.trim()}`);
  const hint = /could not find remote ref|couldn't find remote ref/i.test(said)
    ? 'ref is a branch, a tag or a whole commit'
    : 'check the address, the network and your rights: git must be able to read it without a question';
  return new MeshError('environment', [`${address.shown} can't be fetched; git says:`, ...lines].join('\n'), { hint });
}

async function noBlueprint({ folder, shown, url }: RemoteAddress, clone: string): Promise<MeshError> {
  if (await exists(join(clone, folder))) {
    const below = await foldersIn(join(clone, folder));
    const hint = below.length === 0 ? undefined : `name one of its folders: ${below.filter((name) => !name.startsWith('.')).join(', ')}`;
    return new MeshError('invalid', `${shown} holds no *.hcl file`, hint === undefined ? {} : { hint });
  }
  const above = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
  const known = (await foldersIn(join(clone, above))).filter((name) => !name.startsWith('.'));
  return new MeshError('invalid', `there is no folder ${folder} in ${url}`, {
    hint:
      known.length === 0
        ? '--force-update fetches it anew'
        : `there are: ${known.map((name) => (above === '' ? name : `${above}/${name}`)).join(', ')}`,
    ...didYouMean(folder.slice(above === '' ? 0 : above.length + 1), known),
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
