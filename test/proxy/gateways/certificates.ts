import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgentCa, issueAgentCertificate } from '../../../src/pki/agent-certificates.ts';
import type { UserCertificate } from '../../../src/pki/user-certificates.ts';

const DAYS = { days: 1, now: Date.now() - 60_000 };

/** A CA that the mesh knows nothing of. */
export class OutsideCa {
  readonly #ca = createAgentCa({ serial: 1n, ...DAYS });
  #serial = 2n;

  get certPem(): string {
    return this.#ca.certPem;
  }

  issue(...dnsNames: string[]): UserCertificate {
    const { certPem: caCertPem, keyPem: caKeyPem } = this.#ca;
    const by = { caCertPem, caKeyPem, serial: this.#serial++, ...DAYS };
    return issueAgentCertificate({ ...by, use: 'server', name: dnsNames[0]!, dnsNames, ipAddresses: [] });
  }
}

/** A folder of its own with files in it. */
export class Folder implements AsyncDisposable {
  readonly #dir = mkdtemp(join(tmpdir(), 'mesh-files-'));

  async file(name: string, text: string): Promise<string> {
    const path = join(await this.#dir, name);
    await writeFile(path, text);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(await this.#dir, { recursive: true, force: true });
  }
}
