/** Lines that may wait for a client that reads slowly. */
const BUFFERED_LINES = 512;

export interface LiveSource {
  /** Tells of lines, each with its line break, until the returned function is called. */
  readonly follow: (push: (line: string) => void) => () => void;
  /** What to say of so many lines that came too fast for the client; by default nothing is. */
  readonly missed?: (count: number) => string;
}

/** Lines from now on, as pieces of a stream, until the client has enough. What comes while it can't keep up is lost to it. */
export async function* live({ follow, missed }: LiveSource, signal: AbortSignal): AsyncGenerator<string> {
  let waiting: string[] = [];
  let lost = 0;
  let wake = (): void => undefined;
  const stop = follow((line) => {
    if (waiting.length < BUFFERED_LINES) waiting.push(line);
    else lost++;
    wake();
  });
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal.aborted) {
      const ready = waiting;
      if (lost > 0 && missed) ready.push(missed(lost));
      lost = 0;
      waiting = [];
      if (ready.length > 0) yield ready.join('');
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stop();
    signal.removeEventListener('abort', onAbort);
  }
}
