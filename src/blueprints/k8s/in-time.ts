import { MeshError } from '../../base/errors.ts';
import { describeGuards, isTimeout } from '../failures.ts';
import type { Guard } from '../resource-type.ts';

interface Late {
  readonly hint?: string;
  /** What is known of it by then. */
  readonly known?: () => string | undefined;
}

/** Does something that a run waits for. When the time of the run is up meanwhile, the error says what has not ended. */
export async function inTime<T>(what: string, signal: AbortSignal, work: Promise<T>, { hint, known }: Late = {}): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof MeshError || !signal.aborted || !isTimeout(signal.reason)) throw error;
    const more = known?.();
    const message = `${what} when the time was up${more === undefined ? '' : `; ${more}`}`;
    throw new MeshError('incomplete', message, hint === undefined ? {} : { hint });
  }
}

export async function allReady(name: string, guards: readonly Guard[], signal: AbortSignal): Promise<void> {
  const pending = new Set(guards);
  const waits = Promise.all(guards.map((guard) => guard.wait(signal).then(() => pending.delete(guard))));
  await waits.catch(async (error: unknown) => {
    const waiting = await describeGuards([...pending]);
    const what = `${name} was not ready, still waiting for: ${waiting.join('; ')}`;
    await inTime(what, signal, Promise.reject(error), { hint: `mesh logs ${name}` });
  });
}
