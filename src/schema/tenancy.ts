import type { Located } from './located.ts';

/** Clients send an empty Namespace and Partition along; "default" is the only one that Consul's community edition has. */
export function isEmptyTenancy(key: string, value: Located): boolean {
  if (!/^(namespace|partition)$/i.test(key)) return false;
  return value.type === 'null' || (value.type === 'string' && /^(default)?$/.test(value.value));
}
