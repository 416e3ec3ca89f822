import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Mesh } from '../entries/mesh.ts';
import type { TlsParameters, TlsVersion } from './proxy-config.ts';

/** As entries say it. */
export interface WrittenTls {
  readonly TLSMinVersion?: string | undefined;
  readonly TLSMaxVersion?: string | undefined;
  readonly CipherSuites?: readonly string[] | undefined;
  readonly ECDHCurves?: readonly string[] | undefined;
}

export function tlsParameters({ TLSMinVersion, TLSMaxVersion, CipherSuites = [], ECDHCurves = [] }: WrittenTls): TlsParameters {
  const [min, max] = [versionOf(TLSMinVersion), versionOf(TLSMaxVersion)];
  const curves = ECDHCurves.filter((curve) => curve !== HYBRID);
  return {
    ...(min ? { minVersion: min } : {}),
    ...(max ? { maxVersion: max } : {}),
    ...(CipherSuites.length > 0 ? { ciphers: CipherSuites.map(cipherOf) } : {}),
    ...(curves.length > 0 ? { curves } : {}),
  };
}

/** What the mesh entry says of handshakes between sidecars, on the side that takes them or the one that begins them. */
export function meshTls(s: Snapshot, dc: string, side: 'Incoming' | 'Outgoing'): TlsParameters | undefined {
  const mesh = entry(s, dc, 'mesh', 'mesh').value as Mesh | undefined;
  const parameters = tlsParameters(mesh?.TLS?.[side] ?? {});
  return Object.keys(parameters).length === 0 ? undefined : parameters;
}

const VERSIONS: Readonly<Record<string, TlsVersion>> = {
  TLSv1_0: 'TLSv1',
  TLSv1_1: 'TLSv1.1',
  TLSv1_2: 'TLSv1.2',
  TLSv1_3: 'TLSv1.3',
};

/** TLS_AUTO says nothing. */
const versionOf = (name = ''): TlsVersion | undefined => VERSIONS[name];

/** The OpenSSL of a Node that is still in use doesn't know it; the others of the list hold. */
const HYBRID = 'X25519MLKEM768';

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` as OpenSSL calls it: `ECDHE-RSA-AES128-GCM-SHA256`. */
function cipherOf(suite: string): string {
  const short = suite
    .replace(/^TLS_/, '')
    .replace('RSA_WITH_', (all, at: number) => (at === 0 ? '' : all))
    .replace('_WITH_', '_')
    .replace(/AES_(\d+)_CBC/, 'AES$1')
    .replace(/AES_(\d+)/, 'AES$1')
    .replace(/_POLY1305_SHA256$/, '_POLY1305');
  return short.replaceAll('_', '-');
}
