import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TlsSettings as TlsPaths } from '../../agent-config/settings.ts';
import { MeshError, messageOf, systemCode } from '../../base/errors.ts';
import type { TlsSettings } from '../../control/http/settings.ts';
import { goErrno } from '../consul/go-errors.ts';

/** Go's names of cipher suites that OpenSSL calls otherwise; those of TLS 1.3 are not chosen in Go. */
const CIPHERS: Readonly<Record<string, string>> = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
};

/** Reads what a listener needs; without a certificate it listens as Consul's does, and no handshake succeeds. Rejects with a MeshError in Consul's words. */
export async function readTls(paths: TlsPaths, cwd: string): Promise<TlsSettings> {
  const { certFile, keyFile, caFile, caPath, minVersion, cipherSuites } = paths;
  const pair = (path: string | undefined) => (path === undefined ? undefined : read(path, cwd, 'Failed to load cert/key pair'));
  const [cert, key] = [await pair(certFile), await pair(keyFile)];
  const ca = await readAuthorities({ caFile, caPath }, cwd);
  return {
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(ca === undefined ? {} : { ca }),
    verifyIncoming: paths.verifyIncoming,
    minVersion: minVersion === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
    ...(cipherSuites === undefined ? {} : { ciphers: ciphersOf(cipherSuites) }),
  };
}

async function readAuthorities(
  { caFile, caPath }: { readonly caFile: string | undefined; readonly caPath: string | undefined },
  cwd: string,
): Promise<string | undefined> {
  if (caFile !== undefined) return read(caFile, cwd, 'Error loading CA File');
  if (caPath === undefined) return undefined;
  const names = await readdir(resolve(cwd, caPath)).catch((error: unknown) => {
    throw new MeshError('invalid', `Error loading CA Path: open ${caPath}: ${reason(error)}`);
  });
  const texts = await Promise.all(names.toSorted().map((name) => read(join(caPath, name), cwd, 'Error loading CA Path')));
  return texts.join('\n');
}

function ciphersOf(suites: string): string {
  const named = suites.split(',').map((suite) => suite.trim());
  return named
    .map((suite) => {
      const known = CIPHERS[suite];
      if (known === undefined)
        throw new MeshError('invalid', `unsupported cipher ${JSON.stringify(suite)}`, {
          hint: `known: ${Object.keys(CIPHERS).join(', ')}`,
        });
      return known;
    })
    .join(':');
}

async function read(path: string, cwd: string, failed: string): Promise<string> {
  return readFile(resolve(cwd, path), 'utf8').catch((error: unknown) => {
    throw new MeshError('invalid', `${failed}: open ${path}: ${reason(error)}`);
  });
}

const reason = (error: unknown): string => goErrno(systemCode(error) ?? '') ?? messageOf(error);
