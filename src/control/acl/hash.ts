import { createHash } from 'node:crypto';

/** Of what a row says, its name and times apart: as long as Consul's, and as opaque. */
export function aclHash(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
