import { resourceTypeOf } from '../resources/index.ts';
import type { Declared, Namespace } from './namespace.ts';

/** Something that an expression needs, and where it will look for it: `['resource', 'container', 'web']`. */
export interface Found {
  readonly path: readonly string[];
  readonly declared: Declared;
}

/** First names under which a name space has what it declares. */
export const ROOTS: ReadonlySet<string> = new Set(['local', 'module', 'output', 'resource', 'variable', 'var']);

/**
 * What a path, as far as it is written out, means in a name space: one thing, or all that it may lead to
 * (`resource.container` with a computed name). Nothing if there is none.
 */
export function lookUp([root = '', ...rest]: readonly string[], namespace: Namespace): Found[] {
  if (root === 'module') return inModule(rest, namespace);
  if (root === 'resource') return resources(rest, namespace);
  return values(root, rest[0], namespace);
}

function values(root: string, name: string | undefined, { values: known }: Namespace): Found[] {
  const kind = root === 'var' ? 'variable' : root;
  if (name !== undefined) {
    const declared = known.get(`${kind}.${name}`);
    return declared ? [{ path: [root, name], declared }] : [];
  }
  return [...known]
    .filter(([title]) => title.startsWith(`${kind}.`))
    .map(([title, declared]) => ({ path: [root, title.slice(kind.length + 1)], declared }));
}

function resources([written, name]: readonly string[], { resources: known }: Namespace): Found[] {
  const type = written === undefined ? undefined : (resourceTypeOf(written)?.type ?? written);
  if (type !== undefined && name !== undefined) {
    const declared = known.get(`${type}.${name}`);
    return declared ? [{ path: ['resource', written!, name], declared }] : [];
  }
  return [...known]
    .filter(([, resource]) => type === undefined || resource.type.type === type)
    .map(([local, declared]) => ({
      path: ['resource', written ?? declared.type.type, local.slice(local.indexOf('.') + 1)],
      declared,
    }));
}

function inModule([name, ...rest]: readonly string[], namespace: Namespace): Found[] {
  const inner = name === undefined ? undefined : namespace.modules.get(name);
  if (!inner) return [];
  const [what = 'output'] = rest;
  // A module shows its outputs, and its resources to who knows them.
  const found = ['module', 'output', 'resource'].includes(what) ? lookUp(rest.length === 0 ? [what] : rest, inner) : [];
  return found.map(({ path, declared }) => ({ path: ['module', name!, ...path], declared }));
}
