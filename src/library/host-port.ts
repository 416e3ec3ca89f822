import { MeshError } from '../base/errors.ts';
import { LOOPBACK } from './held-ports.ts';

/** `127.0.0.1:3000`, `localhost:3000`, `:3000`, `http://127.0.0.1:3000`. Throws a MeshError that names the service. */
export function parseHostPort(service: string, given: string | URL): { address: string; port: number } {
  const text = String(given);
  const match = /^(?:([a-z]+):\/\/)?(\[[^\]]+\]|[^:/]*)(?::(\d{1,5}))?\/?$/.exec(text);
  const port = Number(match?.[3] ?? (match?.[1] === 'http' ? 80 : 0));
  if (!match || port < 1 || port > 65535) {
    throw new MeshError('usage', `service ${service} has the address ${JSON.stringify(text)}, which names no port`, {
      hint: "write '127.0.0.1:3000', or 'http://127.0.0.1:3000'",
    });
  }
  const host = match[2]!.replace(/^\[|\]$/g, '');
  return { address: host === '' || host === 'localhost' ? LOOPBACK : host, port };
}
