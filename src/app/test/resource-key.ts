/** Other names of the same thing, in Shipyard's files, in Jumppad's and here. */
const ALIASES: readonly (readonly string[])[] = [
  ['k8s_cluster', 'kubernetes_cluster'],
  ['ingress', 'container_ingress', 'k8s_ingress', 'nomad_ingress'],
  ['exec', 'exec_local', 'exec_remote', 'local_exec', 'remote_exec'],
];

/** Keys that a type and a name can mean. Shipyard calls a cluster by the container that it was: `server.k3s`. */
export function keysOf(type: string, name: string): string[] {
  const types = [type, ...(ALIASES.find((group) => group.includes(type)) ?? []).filter((other) => other !== type)];
  const names = [name, ...(type.endsWith('_cluster') ? [name.replace(/^(?:server|\d+\.client)\./, '')] : [])];
  return types.flatMap((one) => [...new Set(names)].map((other) => `${one}.${other}`));
}

/** Keys that the id of a resource can mean: `resource.container.web`, `module.consul.resource.container.server`, `container.web`. */
export function keysOfId(id: string): string[] {
  const [, modules = '', rest = ''] = /^((?:module\.[^.]+\.)*)(?:resource\.)?(.*)$/.exec(id) ?? [];
  const dot = rest.indexOf('.');
  if (dot === -1) return [id];
  const within = modules.replaceAll('module.', '');
  return keysOf(rest.slice(0, dot), `${within}${rest.slice(dot + 1)}`);
}
