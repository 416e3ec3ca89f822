/**
 * Consul's commands that have the same name as commands of mesh: those `main.ts` hands on unparsed, before it loads anything.
 * Not among them are Consul's `agent`, `exec`, `validate` and `version`: under these names mesh has commands of its own, and
 * Consul's are reached by `mesh consul …`.
 */
export const CONSUL_NAMES: ReadonlySet<string> = new Set([
  'acl',
  'catalog',
  'config',
  'connect',
  'debug',
  'event',
  'force-leave',
  'info',
  'intention',
  'join',
  'keygen',
  'keyring',
  'kv',
  'leave',
  'lock',
  'login',
  'logout',
  'maint',
  'members',
  'monitor',
  'operator',
  'peering',
  'reload',
  'rtt',
  'services',
  'snapshot',
  'tls',
  'troubleshoot',
  'watch',
]);
