import { any, type Decoded, object, optional, required, string } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';

/** The downward API: fields of the pod, and the resources of a container. */
export const fieldRef = object({
  fieldPath: required(string(), 'Which field.'),
  apiVersion: accepted('Version of the field path.'),
});

export const resourceFieldRef = object({
  resource: required(string(), 'limits.cpu, requests.memory, …'),
  containerName: optional(string(), 'Of which container; in a variable its own.'),
  divisor: optional(any(), 'Unit of the value: 1, 1m, 1Mi, …'),
});

export type ResourceFieldRef = Decoded<typeof resourceFieldRef>;
