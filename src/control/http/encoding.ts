import { promisify } from 'node:util';
import { gzip as gzipAsync, gzipSync } from 'node:zlib';

/** Small bodies are compressed at once: handing them to another thread costs more than it spares. */
const AT_ONCE_BYTES = 16 * 1024;
/** The fastest level: the network is a loopback or a data centre's. */
const OPTIONS = { level: 1 };

const gzipLater = promisify(gzipAsync);

/** Whether a client takes gzip, by its Accept-Encoding: named, and not with a weight of zero. */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined || !/gzip/i.test(header)) return false;
  if (header === 'gzip') return true;
  return header.split(',').some((coding) => {
    const [name, ...parameters] = coding.split(';');
    if (name!.trim().toLowerCase() !== 'gzip') return false;
    const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/i.exec(parameter)?.[1]).find((found) => found !== undefined);
    return weight === undefined || Number(weight) > 0;
  });
}

export function compress(body: string | Buffer): Buffer | Promise<Buffer> {
  return body.length <= AT_ONCE_BYTES ? gzipSync(body, OPTIONS) : gzipLater(body, OPTIONS);
}
