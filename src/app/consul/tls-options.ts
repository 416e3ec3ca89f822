import { readdir } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { join, resolve } from 'node:path';
import type { Io } from '../io.ts';
import { readInput } from './files.ts';
import type { FlagValues } from './flags.ts';

/** What https needs of flags and environment. Loaded only for https. */
export async function tlsOptions(flags: FlagValues, io: Io): Promise<RequestOptions> {
  const pick = (flag: string, variable: string): string | undefined => flags.string(flag) || io.env[variable] || undefined;
  const caFile = pick('ca-file', 'CONSUL_CACERT');
  const caPath = pick('ca-path', 'CONSUL_CAPATH');
  const certFile = pick('client-cert', 'CONSUL_CLIENT_CERT');
  const keyFile = pick('client-key', 'CONSUL_CLIENT_KEY');
  const servername = pick('tls-server-name', 'CONSUL_TLS_SERVER_NAME');
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new Error('Either both client cert and client key must be provided, or neither');
  const read = (path: string, what: string): Promise<string> => readInput(path, io, `Error loading ${what}: `);
  const files = caFile ? [caFile] : caPath ? (await readdir(resolve(io.cwd, caPath))).map((name) => join(caPath, name)) : [];
  const ca = await Promise.all(files.map((path) => read(path, 'CA File')));
  return {
    ...(ca.length > 0 ? { ca } : {}),
    ...(certFile && keyFile ? { cert: await read(certFile, 'client certificate'), key: await read(keyFile, 'client key') } : {}),
    ...(servername ? { servername } : {}),
    ...(/^(0|f|false)$/i.test(io.env['CONSUL_HTTP_SSL_VERIFY'] ?? '') ? { rejectUnauthorized: false } : {}),
  };
}
