/** Longest request line that is waited for. A longer one is carried as bytes, which any server understands as well. */
const MAX_LINE_BYTES = 8 * 1024;
/** Origin form and `*` only: a CONNECT or an absolute URL is for a proxy behind the forward, which wants it unchanged. */
const HTTP1_LINE = /^[A-Z][A-Z0-9_-]{0,31} (?:\/[^ \r]*|\*) HTTP\/1\.[01]\r?$/;
const COULD_BECOME_HTTP1 = /^(?:[A-Z][A-Z0-9_-]{0,31}(?: (?:[/*].*)?)?)?$/s;

/**
 * What a client speaks, by what it has sent so far; `more` as long as that is open. The whole request line counts: `GET /key`
 * alone may be a word to a cache, and `OPTIONS *` is one of RTSP and SIP too.
 */
export function recognize(start: Buffer): 'http1' | 'bytes' | 'more' {
  const text = start.toString('latin1', 0, MAX_LINE_BYTES);
  const lf = text.indexOf('\n');
  if (lf !== -1) return HTTP1_LINE.test(text.slice(0, lf)) ? 'http1' : 'bytes';
  return text.length < MAX_LINE_BYTES && COULD_BECOME_HTTP1.test(text) ? 'more' : 'bytes';
}
