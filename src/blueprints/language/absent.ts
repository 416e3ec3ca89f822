import type { Diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import { RESOURCE_TYPES, resourceTypeOf } from '../resources/index.ts';
import type { Namespace } from './namespace.ts';

type Said = Pick<Diagnostic, 'summary' | 'detail' | 'hint'> & { readonly names?: number };

/** What to say of a path that leads to nothing (`resource.container.wbe`, `module.consul.output.x`); undefined: nothing special. */
export function absentName(path: readonly string[], namespace: Namespace, running: ReadonlySet<string>): Said | undefined {
  const [root, first, second] = path;
  if (root === 'local' || root === 'output') return absentValue(root, first, namespace);
  if (root === 'variable' || root === 'var') return namespace.parent ? absentValue('variable', first, namespace) : undefined;
  if (root === 'resource') return absentResource(first, second, namespace, running);
  if (root !== 'module' || first === undefined) return undefined;
  const inner = namespace.modules.get(first);
  if (!inner) return missing(`module "${first}" is not declared here`, first, [...namespace.modules.keys()]);
  if (second === undefined) return undefined;
  if (second === 'module' || second === 'output' || second === 'resource') {
    const said = absentName(path.slice(2), inner, new Set());
    return said && { ...said, names: (said.names ?? 2) + 2 };
  }
  const detail = `a module gives its outputs: module.${first}.output.<name>`;
  return { summary: `module "${first}" has no ${JSON.stringify(second)}`, detail, names: 3 };
}

function absentValue(kind: string, name: string | undefined, namespace: Namespace): Said | undefined {
  if (name === undefined) return undefined;
  const known = [...namespace.values.keys()].filter((title) => title.startsWith(`${kind}.`)).map((title) => title.slice(kind.length + 1));
  return missing(`${kind} "${name}" is not declared`, name, known);
}

function absentResource(
  type: string | undefined,
  name: string | undefined,
  namespace: Namespace,
  running: ReadonlySet<string>,
): Said | undefined {
  if (type === undefined) return undefined;
  const known = resourceTypeOf(type)?.type;
  if (known === undefined) {
    const types = RESOURCE_TYPES.map((row) => row.type);
    return { summary: `there is no resource type "${type}"`, ...didYouMean(type, types) };
  }
  if (name === undefined) return { summary: `there is no ${known} here`, detail: 'nothing of this type is defined in this blueprint' };
  if (namespace.disabled.has(`${known}.${name}`)) {
    const hint = 'enable it, or ask first whether it is there: condition ? resource… : null';
    return { summary: `${known}.${name} is disabled`, hint, names: 3 };
  }
  const prefix = `${known}.`;
  const here = [...namespace.resources.keys(), ...(namespace.parent ? [] : running)];
  const names = [...new Set(here.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)))];
  return { ...missing(`${known} "${name}" is neither defined in this blueprint nor running`, name, names), names: 3 };
}

function missing(summary: string, name: string, known: readonly string[]): Said {
  const list = known.length === 0 ? {} : { hint: `there are: ${known.toSorted().join(', ')}` };
  return { summary, ...list, ...didYouMean(name, known) };
}
