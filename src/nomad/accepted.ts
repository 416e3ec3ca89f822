import { any, optional, refused } from '../schema/schema.ts';

/** A field that Nomad knows and that changes nothing here. */
export const accepted = (doc: string) => optional(any(), doc);

/** A block that stands for several others. */
export const DYNAMIC = refused('blocks are not multiplied here; write each of them out');
