import type { CommandGroup } from '../command.ts';

/** Consul's `snapshot`. */
export const snapshot: CommandGroup = {
  name: 'snapshot',
  description: 'Saves the whole state of an agent in one file, restores it, and shows what is in it.',
  examples: ['snapshot save backup.snap', 'snapshot inspect backup.snap', 'snapshot restore backup.snap'],
  commands: {
    decode: async () => (await import('./decode.ts')).snapshotDecode,
    inspect: async () => (await import('./inspect.ts')).snapshotInspect,
    restore: async () => (await import('./restore.ts')).snapshotRestore,
    save: async () => (await import('./save.ts')).snapshotSave,
  },
};
