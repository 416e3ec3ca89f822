import type { Clock } from '../../base/ports.ts';

/** How far the wall clock may leave the steady one before it was set, or the machine slept, in milliseconds. */
const MAX_DRIFT_MS = 5;

/** Wall time with microseconds, which responses show and Date doesn't have: the steady clock, tied to the wall clock. */
export function preciseClock(): Clock {
  let offset = Date.now() - performance.now();
  return {
    now() {
      const wall = Date.now();
      if (Math.abs(wall - (offset + performance.now())) > MAX_DRIFT_MS) offset = wall - performance.now();
      return offset + performance.now();
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        }, ms);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
