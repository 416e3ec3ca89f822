import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type Diagnostic, errorAt, hasErrors } from '../../base/diagnostic.ts';
import { parseDuration } from '../../base/duration.ts';
import { messageOf } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';
import { blueprintFunctions } from '../../blueprints/functions/index.ts';
import type { ImageMapping } from '../../blueprints/image-mapping.ts';
import { shownPath } from '../../blueprints/paths.ts';
import type { Command } from '../../commands/command.ts';
import { type Block, bodyToLocated, parseHcl2, type Scope } from '../../hcl/hcl2/index.ts';
import { decode } from '../../schema/decode.ts';
import type { LocatedEntry } from '../../schema/located.ts';
import type { Schema } from '../../schema/schema.ts';
import { realFiles } from '../cli/files.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { type Defaults, defaultsOf } from './defaults.ts';
import type { SettingsFile } from './locate.ts';
import { defaultsSchema, IMAGE } from './schema.ts';

/** What configuration files say together. */
export interface Settings {
  readonly defaults: Defaults;
  /** Those of the project first. */
  readonly images: readonly ImageMapping[];
}

type Report = (...found: readonly Diagnostic[]) => void;

const BLOCKS = ['defaults', 'image'];

/** Reads configuration files, strong ones first, and all that is wrong with them. */
export async function readSettings(
  files: readonly SettingsFile[],
  commands: readonly Command[],
  io: Pick<Io, 'env' | 'cwd'>,
): Promise<{ readonly settings: Settings; readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (...found) => void diagnostics.push(...found);
  const defaults = new Map<string, ReadonlyMap<string, string | boolean | readonly string[]>>();
  const images: ImageMapping[] = [];
  for (const { path } of files) {
    const read = await readOne(path, commands, io, report);
    images.push(...read.images);
    for (const [command, values] of read.defaults) defaults.set(command, new Map([...values, ...(defaults.get(command) ?? [])]));
  }
  return { settings: { defaults, images }, diagnostics };
}

async function readOne(
  path: string,
  commands: readonly Command[],
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
  report: Report,
): Promise<Settings> {
  const name = shownPath(path, cwd);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    report(errorAt(undefined, `can't read ${name}: ${messageOf(error)}`));
    return '';
  });
  const { body, diagnostics } = parseHcl2({ name, text });
  report(...diagnostics);
  // What could not be read would be wrong in many more ways.
  if (hasErrors(diagnostics)) return { images: [], defaults: new Map() };
  for (const attribute of body.attributes) {
    report(
      errorAt(attribute.nameRange, `attribute "${attribute.name}" stands outside of a block`, {
        detail: 'a configuration file holds blocks: defaults { … } and image "reference" { … }',
      }),
    );
  }
  const userHome = env['HOME'] || homedir();
  const { shipyardDir } = homeOf(env, cwd);
  const scope: Scope = {
    variables: new Map(),
    functions: blueprintFunctions(path, { env, userHome, dataFolder: shipyardDir, files: realFiles, cwd }),
  };
  const entries: LocatedEntry[] = [];
  const images: ImageMapping[] = [];
  for (const block of body.blocks) {
    if (block.type === 'image') {
      const image = readImage(block, path, scope, report);
      const earlier = image && images.find(({ pattern }) => pattern === image.pattern);
      if (image && earlier) {
        const related = { range: earlier.range!, message: 'first given here' };
        report(errorAt(image.range, `image ${JSON.stringify(image.pattern)} is given twice`, { related }));
      } else if (image) images.push(image);
    } else if (block.type !== 'defaults') {
      const detail = 'a configuration file holds the blocks defaults { … } and image "reference" { … }';
      report(errorAt(block.typeRange, `unknown block "${block.type}"`, { detail, ...didYouMean(block.type, BLOCKS) }));
    } else if (block.labels[0]) {
      const command = block.labels[0].value;
      const detail = `write it as: defaults { ${/^[a-z]+$/.test(command) ? command : 'run'} { … } }`;
      report(errorAt(block.labels[0].range, 'defaults takes no name', { detail }));
    } else {
      const { value, diagnostics: problems } = bodyToLocated(block.body, scope);
      report(...problems);
      entries.push(...value.entries);
    }
  }
  const decoded = decode({ type: 'map', entries }, defaultsSchema(commands), { subject: 'defaults' });
  report(...decoded.diagnostics, ...withoutTime(entries, defaultsSchema(commands)));
  return { images, defaults: defaultsOf(decoded.value, commands, dirname(path)) };
}

/** A time that is over before it begins. */
function withoutTime(entries: readonly LocatedEntry[], schema: Schema): Diagnostic[] {
  const fields = schema.kind === 'object' ? schema.fields : {};
  return entries.flatMap(({ key, value }) => {
    const inner = Object.hasOwn(fields, key) ? fields[key]?.schema : undefined;
    if (inner?.kind === 'object' && value.type === 'map') return withoutTime(value.entries, inner);
    const parsed = inner?.kind === 'duration' && value.type === 'string' ? parseDuration(value.value) : undefined;
    return parsed?.ok && parsed.ns <= 0 ? [errorAt(value.range, `"${key}" must be longer than 0`, { detail: 'such as "30s"' })] : [];
  });
}

function readImage(block: Block, file: string, scope: Scope, report: Report): ImageMapping | undefined {
  const [label, second] = block.labels;
  const pattern = label?.value.trim() ?? '';
  if (!label || second || pattern === '') {
    const detail = 'write it as: image "ghcr.io/acme/api" { command = ["node", "server.js"] }';
    report(errorAt(second?.range ?? label?.range ?? block.headerRange, 'image takes exactly one reference', { detail }));
    return undefined;
  }
  const { value, diagnostics } = bodyToLocated(block.body, scope);
  const decoded = decode(value, IMAGE, { subject: `image "${pattern}"`, header: block.headerRange, incomplete: diagnostics.length > 0 });
  report(...diagnostics, ...decoded.diagnostics);
  if (diagnostics.length > 0 || decoded.diagnostics.length > 0) return undefined;
  const { command, working_directory: folder, env = {}, ports = [] } = decoded.value;
  if (command.length === 0 || command[0] === '') {
    const range = value.entries.find(({ key }) => key === 'command')?.value.range;
    report(errorAt(range ?? block.headerRange, '"command" names no program', { detail: 'its first item is the program' }));
    return undefined;
  }
  return { pattern, command, workingDirectory: resolve(dirname(file), folder), env: { ...env }, ports, range: block.headerRange };
}
