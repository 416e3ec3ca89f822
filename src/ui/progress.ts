import type { Style } from './style.ts';

/** Where progress goes: a spinner with the present step on a terminal, one plain line a step elsewhere. */
export interface Progress {
  /** What is being done now. Shown only while it lasts. */
  doing(text: string): void;
  /** Something that happened, for good. */
  line(text: string): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly animate: boolean;
  readonly quiet: boolean;
  readonly style: Style;
  readonly err: (text: string) => void;
}

const silent: Progress = { doing: () => undefined, line: () => undefined, stop: () => undefined };

/** How long something may take before a spinner is worth loading. */
const SPINNER_AFTER_MS = 300;

export function progressOf(options: ProgressOptions): Progress {
  if (options.quiet) return silent;
  if (!options.animate) return { doing: () => undefined, line: (text) => options.err(`${text}\n`), stop: () => undefined };
  let text = '';
  let spinner: { text: string; stop(): unknown; start(): unknown; clear(): unknown; render(): unknown } | undefined;
  let stopped = false;
  const timer = setTimeout(() => {
    void import('./spinner.ts').then(({ startSpinner }) => {
      if (!stopped) spinner = startSpinner(text);
    });
  }, SPINNER_AFTER_MS);
  return {
    doing(now) {
      text = now;
      if (spinner) spinner.text = now;
    },
    line(done) {
      spinner?.clear();
      options.err(`${done}\n`);
      spinner?.render();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}
