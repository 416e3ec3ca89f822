import { basename, join, relative } from 'node:path';
import { errorAt } from '../../base/diagnostic.ts';
import { MeshError } from '../../base/errors.ts';
import { type Decoded, list, object, optional, required, string } from '../../schema/schema.ts';
import { digestOf } from '../made-file.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const schema = object({
  source: required(
    string(),
    'File or folder, relative to the blueprint; a file at an address (`https://…`); or what is in a git repository: `github.com/org/repo//folder?ref=v1`.',
  ),
  destination: required(string(), 'Where it goes. A folder that is there, or a path that ends with "/", takes a file under its own name.'),
  permissions: optional(string(), 'Mode of the files that are written: "0644". By default they keep theirs.'),
});

export interface CopySpec {
  readonly files: readonly {
    readonly from: string;
    readonly to: string;
    /** Of its text, when the blueprint was read; absent if it had not been made yet. */
    readonly digest?: string;
    /** It is fetched from the address `from`. */
    readonly remote?: true;
  }[];
  readonly mode?: number;
}

/** Text of a file that is worth handing to other resources before it is copied. */
const MAX_PROVIDED = 1_000_000;

export const copy = resourceType<Decoded<typeof schema>, CopySpec, undefined>({
  type: 'copy',
  schema,
  doc: 'Copies a file, or what is in a folder. When the source has changed, the next run copies again. The copies are removed with the resource, except those that were changed since.',
  makesFiles: true,
  lowerAfter: ['template', 'certificate_ca', 'certificate_leaf'],

  async lower(config, context) {
    const mode = modeOf(config.permissions, context);
    const files: CopySpec['files'][number][] = [];
    if (isFile(config.source)) {
      const to = remoteDestination(config.source, config.destination, context);
      context.provide(to, undefined);
      return { files: [{ from: config.source, to, remote: true }], ...(mode === undefined ? {} : { mode }) };
    }
    for (const { from, to } of await pairs(config, context)) {
      if (context.madeLater(from)) {
        context.provide(to, undefined);
        files.push({ from, to });
        continue;
      }
      const read = await context.read(from, context.at('source'));
      if (!read) continue;
      context.provide(to, read.text.length > MAX_PROVIDED ? undefined : read.text);
      files.push({ from, to, digest: await digestOf(read.text) });
    }
    return { files, ...(mode === undefined ? {} : { mode }) };
  },

  outputs: {
    fields: { copied_files: { schema: list(string()), doc: 'The files that it makes, as absolute paths.' } },
    of: ({ files }) => ({ copied_files: files.map(({ to }) => to) }),
  },

  async create(_key, { files, mode }, _reserved, context, { adopt, signal }) {
    if (adopt) return;
    for (const { from, to, remote } of files) {
      if (!remote) await context.files.copy(from, to, mode);
      else {
        const { download } = await import('../http/call.ts');
        await context.files.write(to, await download(from, signal), mode ?? 0o644);
      }
    }
  },

  guards: () => [],

  async destroy(_key, { files }, _reserved, context) {
    for (const { to, digest } of files) {
      const text = await context.files.read(to);
      if (text !== undefined && (digest === undefined || (await digestOf(text)) === digest)) await context.files.remove(to);
    }
  },
});

/** In a git repository, as modules are. */
const isGit = (source: string): boolean =>
  /^git(::|@)|^(github|gitlab|bitbucket)\.(com|org)\/|^https?:\/\/[^?]*\.git(\/\/|\?|$)/.test(source);

const isFile = (source: string): boolean => /^https?:\/\//.test(source) && !isGit(source);

async function fetched(source: string, context: LowerContext): Promise<string | undefined> {
  try {
    return await context.fetch(source);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    context.report(errorAt(context.at('source'), error.message, error.hint === undefined ? {} : { hint: error.hint }));
    return undefined;
  }
}

/** A path that ends with a slash takes the file under the name that it has at its address. */
function remoteDestination(source: string, written: string, context: LowerContext): string {
  const destination = context.resolvePath(written);
  if (!/[\\/]$/.test(written)) return destination;
  const name = basename(URL.canParse(source) ? new URL(source).pathname : '');
  if (name === '')
    context.report(
      errorAt(context.at('destination'), 'the file needs a name', {
        detail: 'its address ends without one',
        hint: 'name it in "destination"',
      }),
    );
  return join(destination, name);
}

interface Pair {
  readonly from: string;
  readonly to: string;
}

async function pairs(config: Decoded<typeof schema>, context: LowerContext): Promise<Pair[]> {
  const source = isGit(config.source) ? await fetched(config.source, context) : context.resolvePath(config.source);
  if (source === undefined) return [];
  const destination = context.resolvePath(config.destination);
  const names = await context.list(source);
  if (names) {
    if (!relative(source, destination).startsWith('..')) {
      const detail = 'each run would copy what the one before has copied';
      context.report(errorAt(context.at('destination'), `${JSON.stringify(config.destination)} lies inside of the source`, { detail }));
      return [];
    }
    return filesBelow(source, names, destination, context);
  }
  if (!(await context.exists(source))) {
    const remote = /^[\w.+-]+:(\/\/|:)/.test(config.source);
    const detail = remote ? 'files are fetched over http and with git only' : 'paths are relative to the file that they stand in';
    context.report(errorAt(context.at('source'), `${JSON.stringify(config.source)} does not exist`, { detail }));
    return [];
  }
  const isFolder = /[\\/]$/.test(destination) || (await context.list(destination)) !== undefined;
  return [{ from: source, to: isFolder ? join(destination, basename(source)) : destination }];
}

async function filesBelow(folder: string, names: readonly string[], destination: string, context: LowerContext): Promise<Pair[]> {
  const found: Pair[] = [];
  for (const name of names) {
    const from = join(folder, name);
    const inner = await context.list(from);
    if (inner) found.push(...(await filesBelow(from, inner, join(destination, name), context)));
    else found.push({ from, to: join(destination, name) });
  }
  return found;
}

function modeOf(text: string | undefined, context: LowerContext): number | undefined {
  if (text === undefined) return undefined;
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  context.report(
    errorAt(context.at('permissions'), `"permissions" is not the mode of a file: ${JSON.stringify(text)}`, {
      detail: 'expected three octal digits, with or without a leading 0',
      hint: 'permissions = "0644"',
    }),
  );
  return undefined;
}
