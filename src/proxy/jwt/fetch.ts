import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { RemoteKeys } from '../../compile/proxy-config.ts';

const MAX_BYTES = 1024 * 1024;

/**
 * Fetches a key set once. Rejects when the server doesn't answer 200 in time. Redirects are not followed, as in Envoy.
 * `publicRoots`: what is trusted if the provider names no certificate.
 */
export async function fetchKeySet({ uri, timeoutMs, ca }: RemoteKeys, publicRoots?: () => readonly string[]): Promise<string> {
  const url = new URL(uri);
  const options = { agent: false, signal: AbortSignal.timeout(timeoutMs), headers: { Accept: 'application/json' } } as const;
  // Loaded when there is something to fetch: most data planes never do.
  const begin =
    url.protocol === 'https:'
      ? (await import('node:https')).request(url, { ...options, ...(await trust(ca, publicRoots)) })
      : (await import('node:http')).request(url, options);
  const response = await new Promise<IncomingMessage>((resolve, reject) => begin.on('response', resolve).on('error', reject).end());
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`${url.host} answers ${response.statusCode}`);
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BYTES) throw new Error(`the key set of ${url.host} is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function trust(ca: RemoteKeys['ca'], publicRoots?: () => readonly string[]): Promise<{ ca?: string | string[] }> {
  if (!ca) return publicRoots ? { ca: [...publicRoots()] } : {};
  if ('unknown' in ca) throw new Error(`whom to trust is in ${ca.unknown}, which sidecars do not have`);
  return { ca: 'pem' in ca ? ca.pem : await readFile(ca.file, 'utf8') };
}
