import { join } from 'node:path';
import type { Programs } from '../app/io.ts';

/**
 * Of the data plane: garbage is collected by the thread that is there anyway. And Node 20 reads all 144 certificates that it brings
 * before a process makes its first TLS context, whatever that trusts: 20 ms of CPU. With the second flag it reads those of OpenSSL in
 * their place: none, see `main/dataplane.ts`. Sizes of heaps are no flags here: with one Node takes none of its own compiled code.
 */
export const DATAPLANE_FLAGS: readonly string[] = ['--single-threaded-gc', '--use-openssl-ca'];

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
