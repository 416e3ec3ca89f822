import type { X509Certificate } from 'node:crypto';
import { parseSpiffeId, type SpiffeResult } from './spiffe.ts';

/**
 * The one service identity of a peer's certificate, or why there is none. Takes the certificate, or its alternative names
 * as Node prints them (`X509Certificate.subjectAltName`, `getPeerCertificate().subjectaltname`).
 * That the chain is trusted must have been checked before.
 */
export function identityOf(certificate: X509Certificate | string | undefined): SpiffeResult {
  const text = typeof certificate === 'string' ? certificate : certificate?.subjectAltName;
  if (text === undefined || text === '') return { ok: false, error: 'the certificate has no subject alternative name' };
  const names = alternativeNames(text);
  if (names === undefined) return { ok: false, error: 'the subject alternative names of the certificate are not readable' };
  const uris = names.filter((name) => name.type === 'URI');
  if (uris.length !== 1) return { ok: false, error: `the certificate has ${uris.length} URI names, expected exactly one` };
  return parseSpiffeId(uris[0]!.value);
}

interface AlternativeName {
  readonly type: string;
  readonly value: string;
}

/**
 * Splits `DNS:a, URI:"spiffe://x/y\u002c z"`. Node quotes, as JSON, every value that holds a comma, a quote, a backslash
 * or a control character, so a value can't pose as a second name; anything that doesn't read so is refused as a whole.
 */
function alternativeNames(text: string): AlternativeName[] | undefined {
  const name = /([A-Za-z0-9 ]+):("(?:[^"\\]|\\.)*"|[^",\\]*)(?:, (?=.)|$)/y;
  const names: AlternativeName[] = [];
  while (name.lastIndex < text.length) {
    const match = name.exec(text);
    if (!match) return undefined;
    const value = unquote(match[2]!);
    if (value === undefined) return undefined;
    names.push({ type: match[1]!, value });
  }
  return names;
}

function unquote(value: string): string | undefined {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return undefined;
  }
}
