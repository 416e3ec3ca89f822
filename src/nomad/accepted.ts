import { any, optional } from '../schema/schema.ts';

/** A field that Nomad knows and that changes nothing here. */
export const accepted = (doc: string) => optional(any(), doc);
