/** Fields of one connection only (RFC 9110 7.6.1): a proxy never passes them on. In lower case. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/**
 * Fields that only a proxy itself may write: they say where a message ends, whom it is for and whom it is from. A route that
 * could change them could forge a second message or a sender. In lower case.
 */
export const PROXY_OWNED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'expect',
  'host',
  'trailer',
  'x-forwarded-client-cert',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A token (RFC 9110 5.6.2). */
export const isFieldName = (text: string): boolean => TOKEN.test(text);

const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** `text` is bytes as latin1. */
export function isFieldValue(text: string): boolean {
  return !BAD_VALUE.test(text);
}

/** Text of a configuration as heads hold it: the bytes of its UTF-8 as latin1. */
export function wireText(text: string): string {
  return Buffer.from(text).toString('latin1');
}
