import { ERRORS, MeshError } from '../../base/errors.ts';
import type { Io } from '../io.ts';

/** Work that a signal ends as a matter of course: its exit code then, and no error. */
export async function untilStopped(io: Pick<Io, 'signal'>, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const { aborted, reason } = io.signal;
    if (aborted && reason instanceof MeshError) return ERRORS[reason.code].exit;
    throw error;
  }
}
