/** Kinds that lead from one service to others, and make a name callable which no instance has. */
export const CHAIN_KINDS: readonly string[] = ['service-router', 'service-splitter', 'service-resolver'];
