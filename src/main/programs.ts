import { join } from 'node:path';
import type { Programs } from '../app/io.ts';

/**
 * Of the data plane. Its garbage is many small and short-lived things: room for them (MiB) so that few outlive a collection, and
 * collections by the thread that is there anyway, are 8 % less CPU per request. Node 20 reads all 144 certificates that it brings before
 * a process makes its first TLS context, whatever that trusts: 20 ms of CPU. With the last flag it reads those of OpenSSL in their
 * place: none, see `main/dataplane.ts`.
 */
export const DATAPLANE_FLAGS: readonly string[] = [
  '--single-threaded-gc',
  '--min-semi-space-size=8',
  '--max-semi-space-size=32',
  '--use-openssl-ca',
];

/** How the processes are started whose bundles are in this folder. */
export function programsIn(dist: string): Programs {
  const program = (name: string, flags: readonly string[] = []): string[] => [process.execPath, ...flags, join(dist, `${name}.cjs`)];
  return {
    agent: program('agent'),
    dataplane: program('dataplane', DATAPLANE_FLAGS),
    fakeService: program('fake-service'),
    docs: program('docs'),
    traces: program('traces'),
    mesh: [process.execPath, join(dist, 'main.js')],
  };
}
