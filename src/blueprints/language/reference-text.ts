import { resourceTypeOf } from '../resources/index.ts';
import type { Namespace } from './namespace.ts';

/**
 * The key that a reference means, which is written as `container.web`, `resource.container.web` or
 * `module.consul.resource.container.web`: in this name space, or else further out (an id that was passed in as a variable is one
 * of the outside). What names nothing is only brought into the form of a key.
 */
export function keyOf(written: string, namespace: Namespace): string {
  const parts = written.split('.');
  const modules: string[] = [];
  while (parts[0] === 'module' && parts.length > 2 && parts[1] !== undefined) {
    modules.push(parts[1]);
    parts.splice(0, 2);
  }
  if (parts[0] === 'resource') parts.shift();
  const [type = '', ...rest] = parts;
  if (type === 'module') return moduleKey(modules, rest, namespace);
  // `resource.network.local.meta.id`, written as a text.
  const name = rest.join('.').replace(/\.meta\.id$/, '');
  const known = resourceTypeOf(type)?.type ?? type;
  for (let place: Namespace | undefined = namespace; place; place = place.parent) {
    const inside = modules.reduce<Namespace | undefined>((outer, module) => outer?.modules.get(module), place);
    const local = `${known}.${name}`;
    if (inside?.resources.has(local) || inside?.disabled.has(local)) return `${known}.${inside.nameOf(name)}`;
  }
  return [known, ...modules, name].filter((part) => part !== '').join('.');
}

/** `module.consul`, with the name spaces that lead to it. */
function moduleKey(modules: readonly string[], rest: readonly string[], namespace: Namespace): string {
  const name = rest.join('.');
  for (let place: Namespace | undefined = namespace; place; place = place.parent)
    if (place.modules.has(name)) return ['module', ...place.path, ...modules, name].join('.');
  return ['module', ...modules, name].join('.');
}
