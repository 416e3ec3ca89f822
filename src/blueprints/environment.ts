import { type Decoded, list, map, object, optional, required, string } from '../schema/schema.ts';

/** Blocks `env { key = … value = … }`. */
export const environmentBlocks = list(object({ key: required(string(), 'Name.'), value: required(string(), 'Value.') }));

/** The two ways in which Shipyard's files give a workload its environment. */
export const environmentFields = {
  env: optional(environmentBlocks, 'Environment variables, one block each.'),
  env_var: optional(map(string()), 'Environment variables, as one object.'),
} as const;

/** Both together; a block is stronger. */
export function environmentOf(config: {
  readonly env?: Decoded<typeof environmentBlocks>;
  readonly env_var?: Readonly<Record<string, string>>;
  /** Jumppad's only way. */
  readonly environment?: Readonly<Record<string, string>>;
}): Record<string, string> {
  return { ...config.environment, ...config.env_var, ...Object.fromEntries((config.env ?? []).map(({ key, value }) => [key, value])) };
}
