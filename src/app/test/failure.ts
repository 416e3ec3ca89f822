import { MeshError, messageOf } from '../../base/errors.ts';
import type { Failure } from '../../gherkin/result.ts';

/** What a step throws when what it expects is not so. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly failure: Failure;

  constructor(message: string, more: Omit<Failure, 'message'> = {}) {
    super(message);
    this.failure = { message, ...more };
  }
}

/** Anything that a step threw, in words of a test. `printed` is what the command behind it said on the way. */
export function failureOf(error: unknown, printed = ''): Failure {
  if (error instanceof StepFailure) return error.failure;
  const details = printed.split('\n').filter((line) => line.trim() !== '');
  const more = details.length > 0 ? { details } : {};
  if (!(error instanceof MeshError)) return { message: messageOf(error), ...more };
  return {
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.code === 'invalid' ? { invalid: true as const } : {}),
    ...more,
  };
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * Looks again and again, ever more slowly, until `look` resolves with no failure; when the time of the step is over, the last
 * one is thrown. What `look` rejects with counts at once.
 */
export async function eventually(signal: AbortSignal, look: () => Promise<StepFailure | undefined>): Promise<void> {
  let last: StepFailure | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const failure = await look();
    if (!failure) return;
    // A look that was cut off has seen less than the one before.
    if (signal.aborted) throw last ?? failure;
    last = failure;
    if (!(await paused(pause, signal))) throw last;
  }
}

/** False if the signal ended it. */
function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
