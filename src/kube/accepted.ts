import { any, optional } from '../schema/schema.ts';

/** A field that Kubernetes knows and that changes nothing here. */
export const accepted = (doc: string) => optional(any(), doc);
