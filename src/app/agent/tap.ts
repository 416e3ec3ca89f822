import type { ControlPlane } from '../../control/plane.ts';
import type { Call } from '../rpc/server.ts';

/** Tells the caller of requests until it has enough. What comes while it doesn't read is counted and not kept. */
export async function tapRequests(call: Call<'tap'>, control: Pick<ControlPlane, 'tap'>): Promise<Record<string, never>> {
  const { params, signal, hangUp, emit, keepsUp } = call;
  let missed = 0;
  await control.tap(
    params.filter,
    (requests, dropped) => {
      missed += dropped;
      if (keepsUp()) {
        emit({ requests, dropped: missed });
        missed = 0;
      } else missed += requests.length;
    },
    AbortSignal.any([signal, hangUp]),
  );
  return {};
}
