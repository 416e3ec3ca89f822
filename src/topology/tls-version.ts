import type { TlsParameters, TlsVersion } from '../compile/proxy-config.ts';

const VERSIONS: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const USUAL: TlsVersion = 'TLSv1.3';

/** The newest version of TLS that both sides of a connection offer; sidecars that nobody tells otherwise speak 1.3 alone. */
export function commonTlsVersion(here: TlsParameters = {}, there: TlsParameters = {}): TlsVersion | undefined {
  const [a, b] = [offered(here), offered(there)];
  const newest = Math.min(a.newest, b.newest);
  return newest >= Math.max(a.oldest, b.oldest) ? VERSIONS[newest] : undefined;
}

function offered({ minVersion, maxVersion = USUAL }: TlsParameters): { readonly oldest: number; readonly newest: number } {
  const newest = VERSIONS.indexOf(maxVersion);
  return { oldest: minVersion ? VERSIONS.indexOf(minVersion) : Math.min(VERSIONS.indexOf(USUAL), newest), newest };
}
