import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Mesh } from '../entries/mesh.ts';
import type { RequestNormalization } from './proxy-config.ts';

const ESCAPED_SLASHES: Readonly<Record<string, RequestNormalization['escapedSlashes']>> = {
  REJECT_REQUEST: 'reject',
  UNESCAPE_AND_REDIRECT: 'redirect',
  UNESCAPE_AND_FORWARD: 'decode',
};

const UNDERSCORES: Readonly<Record<string, RequestNormalization['underscores']>> = {
  REJECT_REQUEST: 'reject',
  DROP_HEADER: 'drop',
};

const meshOf = (s: Snapshot, dc: string): Mesh | undefined => entry(s, dc, 'mesh', 'mesh').value as Mesh | undefined;

/** Consul: the header is neither passed on nor set. */
export function hidesClientCert(s: Snapshot, dc: string): boolean {
  return meshOf(s, dc)?.HTTP?.SanitizeXForwardedClientCert === true;
}

/** What the mesh entry says of requests to sidecars; undefined when that is nothing but defaults. */
export function requestNormalization(s: Snapshot, dc: string): RequestNormalization | undefined {
  const given = meshOf(s, dc)?.HTTP?.Incoming?.RequestNormalization;
  if (!given) return undefined;
  const escapedSlashes = ESCAPED_SLASHES[given.PathWithEscapedSlashesAction];
  const underscores = UNDERSCORES[given.HeadersWithUnderscoresAction];
  const said: RequestNormalization = {
    ...(given.InsecureDisablePathNormalization ? { keepPaths: true } : {}),
    ...(given.MergeSlashes ? { mergeSlashes: true } : {}),
    ...(escapedSlashes ? { escapedSlashes } : {}),
    ...(underscores ? { underscores } : {}),
  };
  return Object.keys(said).length > 0 ? said : undefined;
}
