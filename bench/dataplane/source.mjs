import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const src = resolve(import.meta.dirname, '../../src');
export const TRUST_DOMAIN = '11111111-2222-3333-4444-555555555555.consul';

/** What the bench takes from the project's source. */
const MODULES = [
  'pki/leaf',
  'pki/root',
  'pki/spiffe',
  'main/programs',
  'compile/telemetry/access-logs',
  'proxy/observe/endpoint-stats',
  'proxy/observe/observer',
];

/** The project's own certificates, for both sides of every pair: no proxy has it easier with its keys. And how it starts its processes. */
const own = await (async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-pki-'));
  try {
    const outfile = join(folder, 'pki.mjs');
    const contents = MODULES.map((name) => `export * from './${name}.ts';`).join('\n');
    await build({ stdin: { contents, resolveDir: src, loader: 'ts' }, outfile, bundle: true, platform: 'node', format: 'esm' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
})();

export const { DATAPLANE_FLAGS, accessLogsOf, EndpointStats, Observer } = own;

/** A root and what it signs. */
export class Authority {
  #serial = 1;
  root = own.createRoot({ trustDomain: TRUST_DOMAIN, serial: this.#serial++, now: Date.now(), random: { next: Math.random } });
  #key = own.signingKeyOf(this.root);

  identity(service) {
    return own.serviceIdentity(TRUST_DOMAIN, 'dc1', service);
  }

  leaf(service) {
    const { identity, certPem, keyPem, notAfter } = own.issueLeaf({
      root: this.root,
      signingKey: this.#key,
      identity: this.identity(service),
      serial: this.#serial++,
      now: Date.now(),
    });
    return { identity, certPem, keyPem, notAfter };
  }
}
