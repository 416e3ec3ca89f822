import type { IncomingHttpHeaders } from 'node:http';
import { readPlace } from '../../base/file-place.ts';
import type { FilePlace } from '../../catalog/entry-files.ts';

/** Where the client says that what it writes was written; what is no such place is no mistake of a write. */
export function placeOf(headers: IncomingHttpHeaders): FilePlace | undefined {
  const text = headers['x-mesh-origin'];
  if (typeof text !== 'string') return undefined;
  try {
    return readPlace(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}
