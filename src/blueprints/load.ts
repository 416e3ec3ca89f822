import { resolve } from 'node:path';
import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import { positionOf, type Range, type Source } from '../base/source.ts';
import { checkCalls } from './calls.ts';
import { checkTogether } from './check.ts';
import { decodeBlock } from './decode-block.ts';
import { nextToLower, waitingIn } from './deferred.ts';
import { type DesiredGraph, type DesiredResource, topologicalOrder } from './graph.ts';
import { checkHostNames } from './host-names.ts';
import { declareResources } from './language/declare.ts';
import { Evaluation } from './language/evaluation.ts';
import { type DeclaredResource, Namespace } from './language/namespace.ts';
import type { Loaded, LoadOptions } from './loaded.ts';
import type { LocatedBlueprint } from './locate.ts';
import { Lowered } from './lower.ts';
import { type BlueprintMetadata, readMetadata } from './metadata.ts';
import { nearbyBlueprints } from './nearby.ts';
import { outputsOf, outputsOfRunning } from './outputs.ts';
import { readBlueprint } from './read-blueprint.ts';
import { resolveReferences } from './resolve-references.ts';
import { checkTaken } from './taken.ts';
import { valuesOfFiles } from './variable-values.ts';
import { Variables } from './variables.ts';
import { locateWritten, writtenOf } from './written.ts';

export interface LoadResult {
  /** Values that are known only once something is applied may be in it: after applying, reading it again may give more. */
  readonly refersToOutputs?: true;
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
  /** Files of which it is a guess what belongs to which block. */
  const guessed = new Set<Source>();
  const report = onceEach(diagnostics, guessed);
  const variables = new Variables(options, report);
  variables.give(await valuesOfFiles(blueprint.path, options, (file) => variables.scopeOf(file), report));
  const running = await options.running();
  const runningKeys = new Set(running.keys());
  const lowered = new Lowered();
  const evaluation = new Evaluation({
    scopeOf: (file) => variables.scopeOf(file),
    outputsOf: (key) => outputsOf(key, lowered, running),
    running: runningKeys,
    outputsOfRunning: (key) => outputsOfRunning(running.get(key)!),
    report,
  });
  const root = new Namespace();
  const { files, modules } = await readBlueprint(blueprint.path, root, { variables, evaluation }, options, report);
  for (const { structured, body } of files) if (!structured) guessed.add(body.range.source);
  const metadata = await readMetadata(blueprint.path, options, report);
  // What is computed from a variable without a value would be wrong in many more places.
  if (!variables.complete) return { diagnostics };
  report(...variables.undeclared());
  const declared = declareResources(files, evaluation, report);
  report(...duplicates(declared));
  const disabled = disabledIn(root);
  // Where a brace is missing, resources may seem to be missing too.
  const reportMissing: Report = guessed.size === 0 ? report : () => undefined;
  const howToRun = nearbyBlueprints(blueprint, options);
  /** By key; lowering adds what it finds out. */
  const dependencies = new Map<string, string[]>();
  let loaded = declared.map((one) => decodeBlock(one, evaluation, report));
  evaluation.checkValues(root);
  let deferred: readonly Loaded[];
  for (;;) {
    const found = await resolveReferences({ loaded, modules, disabled, running: runningKeys, howToRun }, reportMissing);
    for (const [key, keys] of found) dependencies.set(key, [...new Set([...keys, ...(dependencies.get(key) ?? [])])]);
    report(
      ...checkTogether(loaded),
      ...checkTaken(loaded, running.values(), { id: blueprint.id, replacing: options.replacing ?? new Set() }),
    );
    const { order, cycle } = inOrder(loaded, dependencies);
    if (cycle) report(cycleError(cycle, loaded));
    deferred = waitingIn(order, dependencies);
    const waiting = new Set(deferred.map(({ key }) => key));
    // With errors elsewhere, the blocks that did decode are still lowered: their files may hold more to report.
    const lowerable = order.filter((one) => one.config !== undefined && !waiting.has(one.key) && !lowered.specs.has(one.key));
    const next = nextToLower(lowerable, deferred, dependencies);
    await lowered.add(next, { running, dependencies, options, report });
    if (next.length === lowerable.length && (deferred.length === 0 || next.length === 0)) break;
    // What they give is known now.
    evaluation.forget();
    loaded = loaded.map((one, i) => (waiting.has(one.key) ? decodeBlock(declared[i]!, evaluation, report) : one));
  }
  lowered.amend();
  if (hasErrors(diagnostics)) {
    const { withValues } = await import('./values-used.ts');
    return { diagnostics: withValues(diagnostics, declared, (expression, where) => evaluation.scopeFor([expression], where).scope) };
  }
  const { specs, calls, reads, entryPlaces } = lowered;
  const all = [
    ...lowered.loaded.map(({ key, type }) => ({ key, type: type.type, spec: specs.get(key) })),
    ...[...running.values()].filter(({ key }) => !specs.has(key)),
  ];
  // What is not known yet may be what they call.
  if (deferred.length === 0) report(...checkCalls(calls, all), ...checkHostNames(loaded, all));
  // Again: lowering may have found further dependencies.
  const complete = inOrder(loaded, dependencies);
  if (complete.cycle) return { diagnostics: [...diagnostics, cycleError(complete.cycle, loaded)] };
  const resources = complete.order
    .filter(({ key }) => specs.has(key))
    .map((resource) =>
      desired(resource, dependencies, specs, options.cwd, { files: reads.get(resource.key), entries: entryPlaces.get(resource.key) }),
    );
  const { id, name } = blueprint;
  const about = { ...metadata, ...saidInBlock(resources) };
  const { bases = [] } = options;
  const graph: DesiredGraph = {
    blueprint: {
      id,
      name,
      ...(Object.keys(about).length > 0 ? { metadata: about } : {}),
      ...(bases.length > 0 ? { buildsOn: bases } : {}),
    },
    resources,
    ...(deferred.length === 0 ? {} : { deferred: deferred.map(({ key }) => ({ key, dependsOn: dependencies.get(key) ?? [] })) }),
  };
  return {
    graph,
    diagnostics,
    ...(evaluation.refersToOutputs ? { refersToOutputs: true } : {}),
    placeOf(key, path) {
      const located = loaded.find((resource) => resource.key === key)?.located;
      return located && locateWritten(located, path);
    },
  };
}

/** What a block `blueprint` says of it. */
function saidInBlock(resources: readonly DesiredResource[]): BlueprintMetadata {
  return Object.assign({}, ...resources.filter(({ type }) => type === 'blueprint').map(({ spec }) => spec)) as BlueprintMetadata;
}

/** Reports each problem once: what waits is decoded again when more is known. */
function onceEach(diagnostics: Diagnostic[], guessed: ReadonlySet<Source>): Report {
  const said = new Set<string>();
  return (...found) => {
    for (const diagnostic of found) {
      const { subject, severity, summary } = diagnostic;
      const id = JSON.stringify([severity, summary, subject?.source.name, subject?.start, subject?.end]);
      if (said.has(id) || (subject && guessed.has(subject.source))) continue;
      said.add(id);
      diagnostics.push(diagnostic);
    }
  };
}

function disabledIn(namespace: Namespace): Map<string, Range> {
  const own = [...namespace.disabled].map(([local, range]): [string, Range] => {
    const at = local.indexOf('.');
    return [`${local.slice(0, at)}.${namespace.nameOf(local.slice(at + 1))}`, range];
  });
  return new Map([...own, ...[...namespace.modules.values()].flatMap((inner) => [...disabledIn(inner)])]);
}

function duplicates(declared: readonly DeclaredResource[]): Diagnostic[] {
  const first = new Map<string, DeclaredResource>();
  return declared.flatMap((resource) => {
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
  cwd: string,
  {
    files = new Map(),
    entries = {},
  }: { files: ReadonlyMap<string, string> | undefined; entries: Readonly<Record<string, string>> | undefined },
): DesiredResource {
  const { key, name, type, block } = resource;
  // Through JSON, as it will come back from the agent's journal: undefined fields are no difference.
  const spec: unknown = JSON.parse(JSON.stringify(specs.get(key) ?? null));
  const { source, start } = block.headerRange;
  const definedAt = `${source.name}:${positionOf(source, start).line}`;
  const place = resolve(cwd, definedAt);
  const elsewhere = Object.entries(entries).filter(([, at]) => at !== place);
  return {
    key,
    type: type.type,
    name,
    dependsOn: [...(dependencies.get(key) ?? [])],
    spec,
    written: writtenOf(resource.located, files),
    definedAt,
    place,
    ...(elsewhere.length > 0 ? { entryPlaces: Object.fromEntries(elsewhere) } : {}),
  };
}

function cycleError(cycle: readonly string[], loaded: readonly Loaded[]): Diagnostic {
  const first = loaded.find((resource) => resource.key === cycle[0]);
  return errorAt(first?.block.headerRange, `resources depend on each other in a circle: ${cycle.join(' -> ')}`, {
    hint: 'take one of these references or depends_on away',
  });
}
