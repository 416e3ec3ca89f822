import { MeshError } from '../../base/errors.ts';
import { describeGuards, isTimeout } from '../failures.ts';
import type { Guard } from '../resource-type.ts';

/** Does something that a run waits for. When the time of the run is up meanwhile, the error says what has not ended. */
export async function inTime<T>(what: string, signal: AbortSignal, work: Promise<T>, hint?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof MeshError || !signal.aborted || !isTimeout(signal.reason)) throw error;
    throw new MeshError('incomplete', `${what} when the time was up`, hint === undefined ? {} : { hint });
  }
}

export async function allReady(name: string, guards: readonly Guard[], signal: AbortSignal): Promise<void> {
  const pending = new Set(guards);
  const waits = Promise.all(guards.map((guard) => guard.wait(signal).then(() => pending.delete(guard))));
  await waits.catch(async (error: unknown) => {
    const waiting = await describeGuards([...pending]);
    await inTime(`${name} was not ready, still waiting for: ${waiting.join('; ')}`, signal, Promise.reject(error), `mesh logs ${name}`);
  });
}
