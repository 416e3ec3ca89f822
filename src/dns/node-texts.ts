import type { Node } from '../catalog/types.ts';
import type { ResourceRecord } from './message.ts';

/** A node's metadata as TXT records (RFC 1464); keys that begin with `rfc1035-` stand for their value alone (Consul). */
export function nodeTexts(node: Node, name: string, ttl: number): ResourceRecord[] {
  return Object.entries(node.Meta).map(([key, value]) => {
    const text = key.toLowerCase().startsWith('rfc1035-') ? value : `${escapeKey(key)}=${value.replaceAll('`', '``')}`;
    return { name, ttl, type: 'TXT', text };
  });
}

/** The backtick quotes what would end the key. */
const escapeKey = (key: string): string =>
  key.replace(/[`=]/g, (c) => `\`${c}`).replace(/^[ \t]+|[ \t]+$/g, (blank) => blank.replace(/./g, '`$&'));
