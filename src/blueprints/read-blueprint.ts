import { basename, dirname, join, resolve } from 'node:path';
import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import { MeshError } from '../base/errors.ts';
import { type Range, rangeOf, type Source } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Block, Body } from '../hcl/hcl2/ast.ts';
import { bodyToLocated, parseHcl2 } from '../hcl/hcl2/index.ts';
import { decode } from '../schema/decode.ts';
import type { Reference } from '../schema/references.ts';
import { any, object, optional, required, string } from '../schema/schema.ts';
import { COMMON_ATTRIBUTES, dependsOnOf, isDisabled } from './common-attributes.ts';
import { prepareTemplates } from './functions/template-renderer.ts';
import { declareValues } from './language/declare.ts';
import type { Evaluation } from './language/evaluation.ts';
import { expressionsIn } from './language/expressions.ts';
import { declareVariables, inside, type ModuleBlock } from './language/module-variables.ts';
import type { Namespace } from './language/namespace.ts';
import { keyOf } from './language/reference-text.ts';
import { isJumppads, type WrittenBlock, writtenBlocks } from './language/written-blocks.ts';
import type { LoadOptions } from './loaded.ts';
import { nameOf } from './names.ts';
import { otherLanguage } from './other-language.ts';
import { shownPath } from './paths.ts';
import { isRemote } from './remote-address.ts';
import { whyUnreadable } from './unreadable.ts';
import type { Variables } from './variables.ts';

export const MODULE = object({
  variables: optional(
    any(),
    'In Jumppad\'s form: values for the variables of the module, which has a name space of its own: { region = "eu" }.',
  ),
  version: optional(string(), 'Accepted; the source says which version: "?ref=v1".'),
  source: required(string(), 'Folder of the module, relative to this file; or where to fetch it: "github.com/org/repo//folder?ref=v1".'),
});

/** A file of a blueprint or of one of its modules. */
export interface BlueprintFile {
  readonly path: string;
  readonly body: Body;
  readonly blocks: readonly WrittenBlock[];
  readonly namespace: Namespace;
  /** False when parts of it could not be read: what is missing may be the fault of that. */
  readonly readable: boolean;
  /** False when it is a guess what belongs to which block: problems in them may have no other cause. */
  readonly structured: boolean;
  /** Modules that it belongs to, outermost first; one with a name space of its own with the whole way to it: `outer.inner`. */
  readonly modules: readonly string[];
  /** Set in a module that is left out: where that is said. */
  readonly disabled: Range | undefined;
}

/** A `module` block that was read. */
export interface Module {
  /** As in `BlueprintFile.modules`. */
  readonly name: string;
  readonly block: Block;
  /** `depends_on`: what all that is in it waits for. */
  readonly after: readonly Reference[];
  readonly disabled: Range | undefined;
}

export interface BlueprintFiles {
  readonly files: readonly BlueprintFile[];
  readonly modules: readonly Module[];
}

interface Place {
  readonly namespace: Namespace;
  /** Folders (or the file) that lead here, this one included. */
  readonly path: readonly string[];
  readonly modules: readonly string[];
  readonly disabled: Range | undefined;
}

/**
 * Reads the files of a blueprint and of its modules, and declares their variables on the way: where a module lies may depend on
 * those further out. Modules are one name space (Shipyard's), except those in Jumppad's form.
 */
export async function readBlueprint(
  path: string,
  root: Namespace,
  { variables, evaluation }: { readonly variables: Variables; readonly evaluation: Evaluation },
  options: LoadOptions,
  report: (...found: Diagnostic[]) => void,
): Promise<BlueprintFiles> {
  const files: BlueprintFile[] = [];
  const modules: Module[] = [];

  async function readPlace(place: Place, given?: ModuleBlock): Promise<void> {
    const read: ReadFile[] = [];
    for (const file of await filesOf(place.path.at(-1)!, options)) read.push(await readFile(file, options, report));
    const own = given !== undefined && (given.isJumppads || isJumppads(read.flatMap(({ blocks }) => blocks)));
    const namespace = own ? inside(place.namespace, given) : place.namespace;
    const modules = own
      ? [...place.modules, namespace.path.join('.')]
      : given
        ? [...place.modules, namespace.nameOf(given.name)]
        : place.modules;
    const here = read.map((file) => ({ ...file, modules, disabled: place.disabled, namespace }));
    files.push(...here);
    for (const { blocks, path: file } of here) declareValues(blocks, file, namespace, report);
    const blocks = (type: string) =>
      here.flatMap(({ blocks, path: file }) => blocks.flatMap(({ block }) => (block.type === type ? [{ block, file }] : [])));
    if (own) declareVariables(blocks('variable'), given, namespace, report);
    else variables.declare(blocks('variable'), { required: place.disabled === undefined });
    if (!variables.complete) return;
    const isOfJumppad = isJumppads(here.flatMap((file) => file.blocks));
    for (const { block, file } of blocks('module')) await readModule(block, file, { ...place, namespace, modules }, isOfJumppad);
  }

  async function readModule(block: Block, file: string, outer: Place, isOfJumppad: boolean): Promise<void> {
    const written = nameOf(block, report);
    if (written === undefined) return;
    // Until its folder has been read it is not known whether it has a name space of its own.
    const name = outer.namespace.nameOf(written);
    const earlier = modules.find((module) => module.name === name);
    if (earlier) {
      const related = { range: earlier.block.headerRange, message: 'first defined here' };
      report(errorAt(block.headerRange, `module.${name} is defined twice`, { related }));
      return;
    }
    const { namespace } = outer;
    const given = block.body.attributes.find((attribute) => attribute.name === 'variables');
    // They may need what is applied first; where the module is may not.
    const body = { ...block.body, attributes: block.body.attributes.filter((attribute) => attribute !== given) };
    const { scope } = evaluation.scopeFor(expressionsIn(body), { file, namespace });
    const off = outer.disabled ?? isDisabled(block, scope, report);
    const { value: located, diagnostics } = bodyToLocated(body, scope);
    const { own, dependsOn } = dependsOnOf(located, (text) => keyOf(text, namespace), report);
    const decoded = decode(own, MODULE, {
      subject: `module "${name}"`,
      header: block.headerRange,
      incomplete: hasErrors(diagnostics),
      takenOut: COMMON_ATTRIBUTES,
    });
    report(...diagnostics, ...decoded.diagnostics);
    modules.push({ name, block, after: dependsOn, disabled: off });
    if (hasErrors(diagnostics) || hasErrors(decoded.diagnostics)) return;
    const { source } = decoded.value;
    const range = own.entries.find((entry) => entry.key === 'source')?.value.range;
    const folder = await locateModule(source, { file, range, fetch: off === undefined }, options, report);
    if (folder === undefined) return;
    const place: Place = { ...outer, path: [...outer.path, folder], disabled: off };
    // Names are unique, so that even folders that links make look new come to an end.
    if (outer.path.includes(folder)) {
      const circle = [...outer.path.slice(outer.path.indexOf(folder)), folder].map((one) => shownPath(one, options.cwd) || '.');
      report(errorAt(range, `modules include each other in a circle: ${circle.join(' -> ')}`));
    } else
      await readPlace(place, {
        name: written,
        block,
        file,
        given: given?.value,
        isJumppads: isOfJumppad || given !== undefined,
        outer: namespace,
      });
  }

  await readPlace({ path: [path], modules: [], disabled: undefined, namespace: root });
  return { files, modules };
}

/** The file itself, or the `*.hcl` files of a folder; not of its sub-folders, which hold other HCL (Consul's). */
async function filesOf(path: string, { files }: LoadOptions): Promise<string[]> {
  const names = await files.list(path);
  // Editors keep what is not finished under names with a dot.
  return names ? names.filter((name) => name.endsWith('.hcl') && !name.startsWith('.')).map((name) => join(path, name)) : [path];
}

/** A file before it is known to which modules it belongs. */
type ReadFile = Omit<BlueprintFile, 'modules' | 'disabled' | 'namespace'>;

async function readFile(path: string, { files, cwd }: LoadOptions, report: (...found: Diagnostic[]) => void): Promise<ReadFile> {
  const name = shownPath(path, cwd);
  const text = await files.read(path).catch(async (error: unknown) => {
    const why = (await files.exists(path)) ? whyUnreadable(error) : 'it is a link that leads nowhere';
    report(errorAt(undefined, `can't read ${name}: ${why}`));
    return '';
  });
  const source: Source = { name, text };
  await prepareTemplates(text);
  const { body, diagnostics, structureLost } = parseHcl2(source);
  const other = otherLanguage({ source, body, broken: hasErrors(diagnostics) });
  if (other) {
    report(other);
    const nothing = { attributes: [], blocks: [], range: rangeOf(source, 0, 0) };
    return { path, body: nothing, blocks: [], readable: false, structured: false };
  }
  report(...diagnostics);
  for (const { name, nameRange } of structureLost ? [] : body.attributes) {
    const detail = 'a blueprint file holds blocks: container "web" { … }';
    report(errorAt(nameRange, `attribute "${name}" stands outside of a resource`, { detail }));
  }
  return { path, body, blocks: writtenBlocks(body, report), readable: !hasErrors(diagnostics), structured: !structureLost };
}

/** The folder of a module; undefined after a diagnostic, or for a remote one that need not be there. */
async function locateModule(
  source: string,
  { file, range, fetch }: { file: string; range: Range | undefined; fetch: boolean },
  options: LoadOptions,
  report: (...found: Diagnostic[]) => void,
): Promise<string | undefined> {
  const { files, cwd } = options;
  const local = resolve(dirname(file), source);
  const names = await files.list(local);
  if (names?.some((name) => name.endsWith('.hcl'))) return local;
  if (!names && isRemote(source)) {
    if (!fetch) return undefined;
    try {
      return await options.fetch(source);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      report(errorAt(range, error.message, error.hint === undefined ? {} : { hint: error.hint }));
      return undefined;
    }
  }
  const beside = (await files.list(dirname(local))) ?? [];
  const shown = shownPath(local, cwd);
  report(
    names
      ? errorAt(range, `${shown} holds no *.hcl file`, { detail: 'a module is a folder with *.hcl files' })
      : errorAt(range, `there is no folder ${shown}`, {
          detail: 'the source of a module is a folder, relative to this file, or an address such as "github.com/org/repo//folder"',
          ...didYouMean(basename(local), beside),
        }),
  );
  return undefined;
}
