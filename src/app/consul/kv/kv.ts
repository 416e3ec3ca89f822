import type { CommandGroup } from '../command.ts';

/** Consul's `kv`. */
export const kv: CommandGroup = {
  name: 'kv',
  description: 'Works with the key-value store.',
  examples: ['kv put web/limit 5', 'kv get web/limit', 'kv get -recurse web/', 'kv delete web/limit'],
  commands: {
    delete: async () => (await import('./delete.ts')).kvDelete,
    export: async () => (await import('./export.ts')).kvExport,
    get: async () => (await import('./get.ts')).kvGet,
    import: async () => (await import('./import.ts')).kvImport,
    put: async () => (await import('./put.ts')).kvPut,
  },
};
