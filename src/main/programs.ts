import { join } from 'node:path';
import type { Programs } from '../app/io.ts';

/** How the processes are started whose bundles are in this folder. */
export function programsIn(dist: string): Programs {
  const program = (name: string): string[] => [process.execPath, join(dist, `${name}.cjs`)];
  return {
    agent: program('agent'),
    dataplane: program('dataplane'),
    fakeService: program('fake-service'),
    docs: program('docs'),
    traces: program('traces'),
    mesh: [process.execPath, join(dist, 'main.js')],
  };
}
