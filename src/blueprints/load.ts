import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import { positionOf, type Range } from '../base/source.ts';
import { checkCalls } from './calls.ts';
import { checkTogether } from './check.ts';
import { decodeBlock, LANGUAGE_BLOCKS } from './decode-block.ts';
import { type DesiredGraph, type DesiredResource, topologicalOrder } from './graph.ts';
import { checkHostNames } from './host-names.ts';
import type { Loaded, LoadOptions } from './loaded.ts';
import type { LocatedBlueprint } from './locate.ts';
import { lowerAll } from './lower.ts';
import { readMetadata } from './metadata.ts';
import { nearbyBlueprints } from './nearby.ts';
import { type BlueprintFile, readBlueprint } from './read-blueprint.ts';
import { resolveReferences } from './resolve-references.ts';
import { checkTaken } from './taken.ts';
import { valuesOfFiles } from './variable-values.ts';
import { Variables } from './variables.ts';
import { locateWritten, writtenOf } from './written.ts';

export interface LoadResult {
  /** Absent when there are errors. */
  readonly graph?: DesiredGraph;
  readonly diagnostics: readonly Diagnostic[];
  /** Where an attribute of a resource stands: by its key and the path that `Written` has. */
  readonly placeOf?: (key: string, path: string) => Range | undefined;
}

type Report = (...found: readonly Diagnostic[]) => void;

/**
 * Reads a blueprint: every file is parsed, every block decoded and lowered, and all that is wrong is reported together.
 * Reads files and nothing else (`data()` makes its folder, and a module may be fetched); starts nothing.
 */
export async function loadBlueprint(blueprint: LocatedBlueprint, options: LoadOptions): Promise<LoadResult> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (...found) => {
    diagnostics.push(...found);
  };
  const variables = new Variables(options, report);
  variables.give(await valuesOfFiles(blueprint.path, options, (file) => variables.scopeOf(file), report));
  const { files, modules } = await readBlueprint(blueprint.path, variables, options, report);
  const metadata = await readMetadata(blueprint.path, options, report);
  // What is computed from a variable without a value would be wrong in many more places.
  if (!variables.complete) return { diagnostics };
  report(...variables.undeclared());
  const { loaded, disabled } = decodeFiles(files, variables, report);
  report(...duplicates(loaded));
  const running = await options.running();
  const howToRun = nearbyBlueprints(blueprint, options);
  const dependencies = await resolveReferences({ loaded, modules, disabled, running: new Set(running.keys()), howToRun }, report);
  report(
    ...checkTogether(loaded),
    ...checkTaken(loaded, running.values(), { id: blueprint.id, replacing: options.replacing ?? new Set() }),
  );
  const { order, cycle } = inOrder(loaded, dependencies);
  if (cycle) report(cycleError(cycle, loaded));
  // With errors elsewhere, the blocks that did decode are still lowered: their files may hold more to report.
  const lowerable = order.filter((resource) => resource.config !== undefined);
  const { specs, calls, reads } = await lowerAll(lowerable, { running, dependencies, options, report });
  if (hasErrors(diagnostics)) return { diagnostics };
  const lowered = order.map(({ key, type }) => ({ key, type: type.type, spec: specs.get(key) }));
  const all = [...lowered, ...[...running.values()].filter(({ key }) => !specs.has(key))];
  report(...checkCalls(calls, all), ...checkHostNames(loaded, all));
  // Again: lowering may have found further dependencies.
  const complete = inOrder(loaded, dependencies);
  if (complete.cycle) return { diagnostics: [...diagnostics, cycleError(complete.cycle, loaded)] };
  const resources = complete.order.map((resource) => desired(resource, dependencies, specs, reads.get(resource.key)));
  const { id, name } = blueprint;
  return {
    graph: { blueprint: { id, name, ...(metadata ? { metadata } : {}) }, resources },
    diagnostics,
    placeOf(key, path) {
      const located = loaded.find((resource) => resource.key === key)?.located;
      return located && locateWritten(located, path);
    },
  };
}

function decodeFiles(
  files: readonly BlueprintFile[],
  variables: Variables,
  report: Report,
): { loaded: Loaded[]; disabled: Map<string, Range> } {
  const loaded: Loaded[] = [];
  const disabled = new Map<string, Range>();
  for (const file of files) {
    const scope = variables.scopeOf(file.path);
    for (const block of file.body.blocks) {
      if (LANGUAGE_BLOCKS.includes(block.type)) continue;
      const decoded = decodeBlock(block, file, scope, report);
      if (decoded && 'disabled' in decoded) disabled.set(decoded.key, decoded.disabled);
      else if (decoded) loaded.push(decoded);
    }
  }
  return { loaded, disabled };
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

function inOrder(loaded: readonly Loaded[], dependencies: ReadonlyMap<string, readonly string[]>): { order: Loaded[]; cycle?: string[] } {
  const items = loaded.map((resource) => ({ key: resource.key, dependsOn: dependencies.get(resource.key) ?? [], resource }));
  const { order, cycle } = topologicalOrder(items);
  return { order: order.map(({ resource }) => resource), ...(cycle ? { cycle } : {}) };
}

function desired(
  resource: Loaded,
  dependencies: ReadonlyMap<string, readonly string[]>,
  specs: ReadonlyMap<string, unknown>,
  files: ReadonlyMap<string, string> = new Map(),
): DesiredResource {
  const { key, name, type, block } = resource;
  // Through JSON, as it will come back from the agent's journal: undefined fields are no difference.
  const spec: unknown = JSON.parse(JSON.stringify(specs.get(key) ?? null));
  const { source, start } = block.headerRange;
  return {
    key,
    type: type.type,
    name,
    dependsOn: [...(dependencies.get(key) ?? [])],
    spec,
    written: writtenOf(resource.located, files),
    definedAt: `${source.name}:${positionOf(source, start).line}`,
  };
}

function cycleError(cycle: readonly string[], loaded: readonly Loaded[]): Diagnostic {
  const first = loaded.find((resource) => resource.key === cycle[0]);
  return errorAt(first?.block.headerRange, `resources depend on each other in a circle: ${cycle.join(' -> ')}`, {
    hint: 'take one of these references or depends_on away',
  });
}
