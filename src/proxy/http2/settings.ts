import type { Settings } from 'node:http2';

/** Streams that one peer may have open at once; the next ones wait or go on a further connection. Envoy: max_concurrent_streams. */
export const MAX_STREAMS = 1_000;
/** Of one stream's body on its way or held here for a slow reader. Envoy: initial_stream_window_size, of which 64 KiB is the least. */
const WINDOW_BYTES = 256 * 1024;
/** Fields of a head that come; beyond HTTP/1's limit only by the pseudo-header fields. */
const MAX_FIELDS = 204;
/** Node refuses new streams while a session holds more than this, in MB; bodies of all its streams may wait for slow readers. */
const MAX_SESSION_MB = 256;

/** Flood bounds are Node's: outstanding pings and settings, resets (1,000, then 33 a second), invalid frames, continuations. */
export function sessionOptions(headBytes: number) {
  const settings: Settings = {
    enablePush: false,
    initialWindowSize: WINDOW_BYTES,
    maxConcurrentStreams: MAX_STREAMS,
    maxHeaderListSize: headBytes,
  };
  return { settings, maxHeaderListPairs: MAX_FIELDS, maxSessionMemory: MAX_SESSION_MB, peerMaxConcurrentStreams: MAX_STREAMS };
}
