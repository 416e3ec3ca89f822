import { dirname, isAbsolute, join, relative } from 'node:path';
import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import type { Range, Source } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Block } from '../hcl/hcl2/ast.ts';
import { bodyToLocated, parseHcl2, type Scope } from '../hcl/hcl2/index.ts';
import { decode } from '../schema/decode.ts';
import { describeType, type LocatedMap } from '../schema/located.ts';
import { collectReferences, type Reference } from '../schema/references.ts';
import { checkTogether } from './check.ts';
import { checkIngresses } from './check-ingress.ts';
import { type BlueprintRef, type DesiredGraph, type DesiredResource, topologicalOrder } from './graph.ts';
import type { LocatedBlueprint } from './locate.ts';
import { locatePath } from './locate-path.ts';
import type { LowerContext, ResourceType } from './resource-type.ts';
import { RESOURCE_TYPES, resourceTypeOf } from './resources/index.ts';

/** What loading reads with: the real file system, or one in memory. */
export interface Files {
  read(path: string): Promise<string>;
  /** Names in a folder, sorted; undefined if it is not a folder. */
  list(path: string): Promise<string[] | undefined>;
  exists(path: string): Promise<boolean>;
}

export interface LoadOptions {
  readonly files: Files;
  /** Paths in messages are relative to this. */
  readonly cwd: string;
  /** Functions and variables of the blueprint language. */
  readonly scope: Scope;
  /** Keys of resources that run already; asked only when the blueprint refers to something that it does not define. */
  running(): Promise<ReadonlySet<string>>;
}

export interface LoadResult {
  /** Absent when there are errors. */
  readonly graph?: DesiredGraph;
  readonly diagnostics: readonly Diagnostic[];
}

/** One block of a blueprint that names a resource, decoded. */
export interface Loaded {
  readonly key: string;
  readonly name: string;
  readonly type: ResourceType;
  readonly block: Block;
  readonly located: LocatedMap;
  readonly config: unknown;
  readonly references: readonly Reference[];
  readonly file: string;
}

/**
 * Reads a blueprint: every file is parsed, every block decoded and lowered, and all that is wrong is reported together.
 * Reads files and nothing else; starts nothing.
 */
export async function loadBlueprint(blueprint: LocatedBlueprint, options: LoadOptions): Promise<LoadResult> {
  const diagnostics: Diagnostic[] = [];
  const report = (...found: readonly Diagnostic[]): void => {
    diagnostics.push(...found);
  };
  const loaded: Loaded[] = [];
  for (const path of await blueprintFiles(blueprint.path, options.files)) {
    const source: Source = { name: shownPath(path, options.cwd), text: await options.files.read(path) };
    const { body, diagnostics: syntax } = parseHcl2(source);
    report(...syntax);
    for (const attribute of body.attributes) report(strayAttribute(attribute.name, attribute.nameRange));
    const readable = !hasErrors(syntax);
    for (const block of body.blocks) loaded.push(...decodeBlock(block, { path, readable }, options.scope, report));
  }
  report(...duplicates(loaded));
  const dependencies = await resolveReferences(loaded, options, report);
  report(...checkTogether(loaded));
  const specs = hasErrors(diagnostics) ? await lowerForErrors(loaded, options, report) : await lowerAll(loaded, options, report);
  report(...checkIngresses(loaded, specs));
  const { order, cycle } = topologicalOrder(
    loaded.map((resource) => ({ key: resource.key, dependsOn: dependencies.get(resource.key) ?? [], resource })),
  );
  if (cycle) report(cycleError(cycle, loaded));
  if (hasErrors(diagnostics)) return { diagnostics };
  const resources = order.map(({ resource, dependsOn }) => desired(resource, dependsOn, specs));
  return { graph: { blueprint: refOf(blueprint), resources }, diagnostics };
}

const refOf = ({ id, name }: LocatedBlueprint): BlueprintRef => ({ id, name });

function desired(resource: Loaded, dependsOn: readonly string[], specs: ReadonlyMap<string, unknown>): DesiredResource {
  const { key, name, type, block } = resource;
  // Through JSON, as it will come back from the agent's journal: undefined fields are no difference.
  const spec: unknown = JSON.parse(JSON.stringify(specs.get(key) ?? null));
  const { source, start } = block.headerRange;
  const line = source.text.slice(0, start).split('\n').length;
  return { key, type: type.type, name, dependsOn, spec, definedAt: `${source.name}:${line}` };
}

/** The file itself, or the `*.hcl` files of a folder; not of its sub-folders, which hold other HCL (Consul's). */
async function blueprintFiles(path: string, files: Files): Promise<string[]> {
  const names = await files.list(path);
  return names ? names.filter((name) => name.endsWith('.hcl')).map((name) => join(path, name)) : [path];
}

function shownPath(path: string, cwd: string): string {
  const local = relative(cwd, path);
  return local.startsWith('..') || isAbsolute(local) ? path : local;
}

/** Shipyard's and Jumppad's other resource types: known by name, so that they are not taken for typing errors. */
const NOT_YET =
  'build blueprint book certificate_ca certificate_leaf chapter container_ingress container_registry copy docs exec exec_local exec_remote helm http k8s_ingress kubernetes_cluster kubernetes_config local module nomad_cluster nomad_ingress nomad_job ollama_model random_creature random_id random_number random_password random_uuid resource sidecar task template terraform variable'.split(
    ' ',
  );

function decodeBlock(
  block: Block,
  file: { path: string; readable: boolean },
  scope: Scope,
  report: (...found: Diagnostic[]) => void,
): Loaded[] {
  const type = resourceTypeOf(block.type);
  if (!type) {
    const known = RESOURCE_TYPES.map((row) => row.type);
    report(
      NOT_YET.includes(block.type)
        ? errorAt(block.typeRange, `resource type "${block.type}" is not supported by this version of mesh yet`, {
            detail: `supported: ${known.join(', ')}`,
          })
        : errorAt(block.typeRange, `unknown resource type "${block.type}"`, {
            hint: `known types: ${known.join(', ')}`,
            ...didYouMean(block.type, [...known, ...NOT_YET]),
          }),
    );
    return [];
  }
  const label = block.labels[0];
  if (!label || block.labels.length > 1) {
    report(
      errorAt(label ? block.labels[1]!.range : block.headerRange, `${type.type} takes exactly one name`, {
        detail: `write it as: ${type.type} "name" { … }`,
      }),
    );
    return [];
  }
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(label.value)) {
    report(
      errorAt(label.range, `${JSON.stringify(label.value)} is not a name for a resource`, {
        detail: 'up to 128 letters, digits, "-" and "_"',
      }),
    );
  }
  const { value: located, diagnostics } = bodyToLocated(block.body, scope);
  const { own, dependsOn, problems } = splitMeta(located);
  const complete = file.readable && !hasErrors(diagnostics);
  const subject = `${type.type} "${label.value}"`;
  const decoded = decode(own, type.schema, { subject, header: block.headerRange, incomplete: !complete });
  report(...diagnostics, ...problems, ...decoded.diagnostics);
  const references = [...collectReferences(own, type.schema), ...dependsOn];
  const usable = complete && !hasErrors(decoded.diagnostics);
  const key = `${type.type}.${label.value}`;
  return [{ key, name: label.value, type, block, located: own, config: usable ? decoded.value : undefined, references, file: file.path }];
}

/** Attributes that every resource has: taken out before its own schema is applied. */
function splitMeta(located: LocatedMap): { own: LocatedMap; dependsOn: Reference[]; problems: Diagnostic[] } {
  const meta = located.entries.find((entry) => entry.key === 'depends_on' && !entry.block);
  if (!meta) return { own: located, dependsOn: [], problems: [] };
  const items = meta.value.type === 'list' ? meta.value.items : [meta.value];
  const dependsOn = items.flatMap((item): Reference[] =>
    item.type === 'string'
      ? [{ target: item.value, types: RESOURCE_TYPES.map((row) => row.type), ...(item.range ? { range: item.range } : {}) }]
      : [],
  );
  const problems = items
    .filter((item) => item.type !== 'string')
    .map((item) =>
      errorAt(item.range ?? meta.keyRange, `"depends_on" must be a list of references, not ${describeType(item)}`, {
        detail: 'write it as: depends_on = ["container.web"]',
      }),
    );
  return { own: { ...located, entries: located.entries.filter((entry) => entry !== meta) }, dependsOn, problems };
}

function strayAttribute(name: string, range: Range): Diagnostic {
  return errorAt(range, `attribute "${name}" stands outside of a resource`, {
    detail: 'a blueprint file holds blocks: container "web" { … }',
  });
}

function duplicates(loaded: readonly Loaded[]): Diagnostic[] {
  const first = new Map<string, Loaded>();
  return loaded.flatMap((resource) => {
    const earlier = first.get(resource.key);
    if (!earlier) {
      first.set(resource.key, resource);
      return [];
    }
    const related = { range: earlier.block.headerRange, message: 'first defined here' };
    return [errorAt(resource.block.headerRange, `${resource.key} is defined twice`, { related })];
  });
}

async function resolveReferences(
  loaded: readonly Loaded[],
  options: LoadOptions,
  report: (...found: Diagnostic[]) => void,
): Promise<Map<string, string[]>> {
  const defined = new Set(loaded.map((resource) => resource.key));
  const missing = loaded.some((resource) => resource.references.some((reference) => !defined.has(reference.target)));
  const running = missing ? await options.running() : new Set<string>();
  const dependencies = new Map<string, string[]>();
  for (const { key, references } of loaded) {
    const targets = new Set<string>();
    for (const reference of references) {
      const problem = referenceProblem(reference, defined, running);
      if (problem) report(problem);
      else targets.add(reference.target);
    }
    dependencies.set(key, [...targets]);
  }
  return dependencies;
}

function referenceProblem(
  { target, types, range }: Reference,
  defined: ReadonlySet<string>,
  running: ReadonlySet<string>,
): Diagnostic | undefined {
  const type = target.split('.', 1)[0]!;
  const fitting = [...new Set([...defined, ...running])].filter((key) => types.includes(key.split('.', 1)[0]!));
  const expected = `expected a reference such as ${types.map((name) => `"${name}.<name>"`).join(' or ')}`;
  if (!/^\w+\.[\w-]+$/.test(target))
    return errorAt(range, `${JSON.stringify(target)} is not a reference`, { detail: expected, ...didYouMean(target, fitting) });
  if (!types.includes(type)) return errorAt(range, `${target} can't stand here`, { detail: expected, ...didYouMean(target, fitting) });
  if (defined.has(target) || running.has(target)) return undefined;
  const list = fitting.length === 0 ? `this blueprint defines no ${types.join(' or ')}` : `defined: ${fitting.join(', ')}`;
  return errorAt(range, `${target} is neither defined in this blueprint nor running`, { detail: list, ...didYouMean(target, fitting) });
}

function cycleError(cycle: readonly string[], loaded: readonly Loaded[]): Diagnostic {
  const first = loaded.find((resource) => resource.key === cycle[0]);
  return errorAt(first?.block.headerRange, `resources depend on each other in a circle: ${cycle.join(' -> ')}`, {
    hint: 'take one of these references or depends_on away',
  });
}

/** With errors elsewhere, the blocks that did decode are still lowered: their files may hold more to report. */
async function lowerForErrors(
  loaded: readonly Loaded[],
  options: LoadOptions,
  report: (...found: Diagnostic[]) => void,
): Promise<Map<string, unknown>> {
  const decoded = loaded.filter((resource) => resource.config !== undefined);
  return lowerAll(decoded, options, report);
}

async function lowerAll(
  loaded: readonly Loaded[],
  options: LoadOptions,
  report: (...found: Diagnostic[]) => void,
): Promise<Map<string, unknown>> {
  const configs = new Map(loaded.map((resource) => [resource.key, resource.config]));
  const specs = new Map<string, unknown>();
  for (const resource of loaded) {
    const context = lowerContext(resource, configs, options, report);
    specs.set(resource.key, await resource.type.lower(resource.config, context));
  }
  return specs;
}

function lowerContext(
  resource: Loaded,
  configs: ReadonlyMap<string, unknown>,
  options: LoadOptions,
  report: (...found: Diagnostic[]) => void,
): LowerContext {
  const { files } = options;
  return {
    name: resource.name,
    located: resource.located,
    header: resource.block.headerRange,
    at: (path) => locatePath(resource.located, path) ?? resource.block.headerRange,
    resolvePath: (path) => (isAbsolute(path) ? path : join(dirname(resource.file), path)),
    async read(path, at) {
      const name = shownPath(path, options.cwd);
      try {
        return { name, text: await files.read(path) };
      } catch {
        report(errorAt(at, `can't read ${name}`, { detail: 'paths are relative to the file that they stand in' }));
        return undefined;
      }
    },
    list: (path) => files.list(path),
    exists: (path) => files.exists(path),
    report,
    config: (key) => configs.get(key),
  };
}
