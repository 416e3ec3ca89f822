import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Reference } from '../schema/references.ts';
import type { Loaded } from './loaded.ts';
import type { Module } from './read-blueprint.ts';

/** What a reference may lead to. */
export interface Targets {
  readonly loaded: readonly Loaded[];
  readonly modules: readonly Module[];
  /** Resources that are left out, with the place where that is said. */
  readonly disabled: ReadonlyMap<string, Range>;
  /** Keys of what runs already. */
  readonly running: ReadonlySet<string>;
  /** `mesh run ../azure`, where a folder near by defines a missing resource. */
  howToRun(key: string): Promise<string | undefined>;
}

/** The keys that each resource has to come after: what it refers to, its `depends_on`, and those of its modules. */
export async function resolveReferences(targets: Targets, report: (...found: Diagnostic[]) => void): Promise<Map<string, string[]>> {
  const { loaded, modules, disabled } = targets;
  const keys = new Set(loaded.map(({ key }) => key));
  const ofModule = (name: string) => loaded.filter((resource) => resource.modules.includes(name)).map((resource) => resource.key);

  async function resolve(reference: Reference, kind: 'use' | 'order'): Promise<string[]> {
    const { target } = reference;
    const module = modules.find(({ name }) => target === `module.${name}`);
    if (module && reference.types.includes('module')) return ofModule(module.name);
    const isDefined = keys.has(target);
    if (isDefined && reference.types.includes(target.split('.', 1)[0]!)) return [target];
    // There is nothing to wait for.
    if (kind === 'order' && !isDefined && disabled.has(target)) return [];
    const problem = await problemOf(reference, targets);
    if (!problem) return [target];
    report(problem);
    return [];
  }

  async function resolveAll(references: readonly Reference[], kind: 'use' | 'order'): Promise<string[]> {
    const found: string[] = [];
    for (const reference of references) found.push(...(await resolve(reference, kind)));
    return found;
  }

  const afterOf = new Map<string, readonly string[]>();
  for (const module of modules) if (!module.disabled) afterOf.set(module.name, await resolveAll(module.after, 'order'));
  const dependencies = new Map<string, string[]>();
  for (const resource of loaded) {
    const own = [...resource.uses, ...(await resolveAll(resource.references, 'use')), ...(await resolveAll(resource.after, 'order'))];
    const inherited = resource.modules.flatMap((name) => afterOf.get(name) ?? []);
    dependencies.set(resource.key, [...new Set([...own, ...inherited])]);
  }
  return dependencies;
}

async function problemOf({ target, types, range }: Reference, targets: Targets): Promise<Diagnostic | undefined> {
  const { loaded, modules, disabled, running } = targets;
  const type = target.split('.', 1)[0]!;
  const defined = new Set([...loaded.map(({ key }) => key), ...modules.map(({ name }) => `module.${name}`)]);
  const fitting = [...new Set([...defined, ...running])].filter((key) => types.includes(key.split('.', 1)[0]!));
  const anything = types.includes('module');
  const expected = anything
    ? 'expected a resource or a module, "container.<name>" or "module.<name>"'
    : `expected a reference such as ${types.map((name) => `"${name}.<name>"`).join(' or ')}`;
  if (!/^\w+(\.[\w/*-]+)+$/.test(target))
    return errorAt(range, `${JSON.stringify(target)} is not a reference`, { detail: expected, ...didYouMean(target, fitting) });
  if (!types.includes(type)) return errorAt(range, `${target} can't stand here`, { detail: expected, ...didYouMean(target, fitting) });
  if (defined.has(target)) return undefined;
  const off = disabled.get(target);
  if (off) {
    const hint = 'leave out what needs it too (disabled = true), or enable it';
    return errorAt(range, `${target} is disabled`, { related: { range: off, message: 'it is left out here' }, hint });
  }
  if (running.has(target)) return undefined;
  const none = `this blueprint defines no ${anything ? 'other resource' : types.join(' or ')}`;
  const detail = fitting.length === 0 ? none : `defined: ${fitting.join(', ')}`;
  const command = await targets.howToRun(target);
  const near = didYouMean(target, fitting).hint;
  const hints = [...(command === undefined ? [] : [`another blueprint defines it: ${command}`]), ...(near === undefined ? [] : [near])];
  const hint = hints.length > 0 ? { hint: hints.join('; or ') } : {};
  return errorAt(range, `${target} is neither defined in this blueprint nor running`, { detail, ...hint });
}
