import type { Random } from '../../base/ports.ts';
import type { UpstreamBody } from './config.ts';

/** The body of upstream calls, made once for each incoming request; undefined: none, so a GET. */
export function requestBody(config: UpstreamBody, random: Pick<Random, 'next'>): string | undefined {
  if (config.text !== '') return config.text;
  if (config.size === 0) return undefined;
  const spread = (config.size * config.variancePercent) / 100;
  const length = Math.max(0, Math.round(config.size - spread + 2 * spread * random.next()));
  let body = '';
  while (body.length < length)
    body += Math.floor(random.next() * 36 ** 8)
      .toString(36)
      .padStart(8, '0');
  return body.slice(0, length);
}
