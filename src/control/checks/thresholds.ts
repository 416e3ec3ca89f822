import type { CheckRun, CheckStatus } from '../../catalog/types.ts';

/** How often in a row a check passed, and failed. */
export interface Streak {
  readonly passed: number;
  readonly failed: number;
}

export const NO_STREAK: Streak = { passed: 0, failed: 0 };

/** What one more result makes of a check: the status to show, or none while it isn't sure yet. A warning counts as a pass (Consul). */
export function judge(
  streak: Streak,
  run: CheckRun,
  found: CheckStatus,
): { readonly streak: Streak; readonly show: CheckStatus | undefined } {
  if (found !== 'critical') {
    const passed = streak.passed + 1;
    return { streak: { passed, failed: 0 }, show: passed >= (run.SuccessBeforePassing ?? 0) ? found : undefined };
  }
  const failed = streak.failed + 1;
  const { FailuresBeforeCritical: most = 0, FailuresBeforeWarning: some = most } = run;
  const show = failed >= most ? 'critical' : failed >= some ? 'warning' : undefined;
  return { streak: { passed: 0, failed }, show };
}
