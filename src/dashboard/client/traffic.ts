import { useRef } from 'preact/hooks';
import { countedBetween, type FlowCount } from '../../api/rates.ts';
import type { Traffic } from '../../api/traffic.ts';
import type { ApiError } from './api.ts';
import { usePoll } from './live.ts';

export interface RecentTraffic {
  readonly counts: readonly FlowCount[];
  readonly boundsMs: readonly number[];
  /** Of the last answer, in milliseconds since the epoch; 0: there is none yet. */
  readonly at: number;
  readonly error?: ApiError;
}

const EVERY_MS = 1000;
/** Numbers are of the last seconds: single requests are seen for a while. */
const OVER_MS = 5000;

/** What flows at the moment. */
export function useTraffic(): RecentTraffic {
  const { data, error } = usePoll<Traffic>('/v1/mesh/traffic', EVERY_MS);
  const answers = useRef<readonly Traffic[]>([]);
  const recent = useRef<RecentTraffic>({ counts: [], boundsMs: [], at: 0 });
  if (data && answers.current.at(-1) !== data) {
    const begin = data.at - OVER_MS;
    const older = answers.current.filter(({ at }, index, all) => at >= begin || (all[index + 1]?.at ?? 0) > begin);
    answers.current = [...older, data];
    recent.current = { counts: countedBetween(answers.current[0]!, data), boundsMs: data.boundsMs, at: data.at };
  }
  return error ? { ...recent.current, error } : recent.current;
}
