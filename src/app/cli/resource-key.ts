import { resourceTypeOf } from '../../blueprints/resources/index.ts';

/**
 * The key of a resource that a user has typed: `container.web`, as Jumppad calls it `resource.container.web`, in a module
 * `module.shop.resource.container.web`, or by another name of its type (`kubernetes_cluster.k3s`).
 */
export function resourceKey(typed: string): string {
  const [, module, rest] = /^(?:module\.(.+)\.)?resource\.(.+)$/.exec(typed) ?? [undefined, undefined, typed];
  const [type = '', ...names] = rest!.split('.');
  return [resourceTypeOf(type)?.type ?? type, ...(module === undefined ? [] : [module]), ...names].join('.');
}
