import { placeText } from '../../base/file-place.ts';
import { positionOf } from '../../base/source.ts';
import { entryStart } from '../../entries/entry-start.ts';
import type { LocatedMap } from '../../schema/located.ts';

/** Where an entry stands, for whoever asks later: `/folder/file.hcl:1`; empty where it has come from no file. */
export function originOf(path: string | undefined, text: LocatedMap): string {
  if (path === undefined) return '';
  const at = entryStart(text);
  return placeText({ path, line: at ? positionOf(at.source, at.start).line : 1 });
}

/** The header by which our agent is told: a real Consul does not read it. */
export const originHeader = (origin: string): { readonly headers?: Readonly<Record<string, string>> } =>
  origin === '' ? {} : { headers: { 'X-Mesh-Origin': encodeURIComponent(origin) } };
