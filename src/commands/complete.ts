import { complete } from '../app/consul/complete.ts';
import type { Io } from '../app/io.ts';
import { COMMANDS } from './table.ts';

/** Answers a shell that completes a line of `mesh` or `consul`. */
export const completeLine = (io: Io): Promise<number> => complete(io, COMMANDS);
