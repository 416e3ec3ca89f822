import type { Flag, FlagValues } from '../flags.ts';

export const NODE_META: Flag = {
  name: 'node-meta',
  kind: 'map',
  value: 'key=value',
  doc: 'Only what is on nodes with this metadata; repeatable.',
};

/** `key:value`, as the query parameter has it. */
export const nodeMeta = (flags: FlagValues): readonly string[] => Array.from(flags.map('node-meta'), ([key, value]) => `${key}:${value}`);
