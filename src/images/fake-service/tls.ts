import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:tls';
import { MeshError, messageOf, systemCode } from '../../base/errors.ts';
import type { FakeServiceConfig } from './config.ts';

/** Listens nowhere: it does the handshake on connections that it is given. Throws a MeshError when the files can't be used. */
export async function tlsServer(files: NonNullable<FakeServiceConfig['tls']>, protocols: FakeServiceConfig['protocols']): Promise<Server> {
  const [cert, key] = await Promise.all([readPem('TLS_CERT_LOCATION', files.certificate), readPem('TLS_KEY_LOCATION', files.key)]);
  const ALPNProtocols = { http: ['http/1.1'], grpc: ['h2'], both: ['http/1.1', 'h2'] }[protocols];
  try {
    return createServer({ cert, key, ALPNProtocols });
  } catch (cause) {
    const problem = `can't use the certificate ${files.certificate} with the key ${files.key}: ${messageOf(cause)}`;
    throw new MeshError('invalid', problem, { hint: 'TLS_CERT_LOCATION and TLS_KEY_LOCATION must be PEM files of one key', cause });
  }
}

async function readPem(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = systemCode(cause) === 'ENOENT' ? 'there is no such file' : messageOf(cause);
    throw new MeshError('environment', `${variable}: can't read ${path}: ${reason}`, { cause });
  }
}
