import { basename, join, relative } from 'node:path';
import { errorAt } from '../../base/diagnostic.ts';
import { type Decoded, object, optional, required, string } from '../../schema/schema.ts';
import { digestOf } from '../made-file.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const schema = object({
  source: required(string(), 'File or folder, relative to the blueprint.'),
  destination: required(string(), 'Where it goes. A folder that is there, or a path that ends with "/", takes a file under its own name.'),
  permissions: optional(string(), 'Mode of the files that are written: "0644". By default they keep theirs.'),
});

export interface CopySpec {
  readonly files: readonly {
    readonly from: string;
    readonly to: string;
    /** Of its text, when the blueprint was read; absent if it had not been made yet. */
    readonly digest?: string;
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

  async create(_key, { files, mode }, _reserved, context, { adopt }) {
    if (!adopt) for (const { from, to } of files) await context.files.copy(from, to, mode);
  },

  guards: () => [],

  async destroy(_key, { files }, _reserved, context) {
    for (const { to, digest } of files) {
      const text = await context.files.read(to);
      if (text !== undefined && (digest === undefined || (await digestOf(text)) === digest)) await context.files.remove(to);
    }
  },
});

interface Pair {
  readonly from: string;
  readonly to: string;
}

async function pairs(config: Decoded<typeof schema>, context: LowerContext): Promise<Pair[]> {
  const source = context.resolvePath(config.source);
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
    const remote = /^[\w.+-]+:(\/\/|:)|^github\.com\//.test(config.source);
    const detail = remote ? 'only files of this machine are copied' : 'paths are relative to the file that they stand in';
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
