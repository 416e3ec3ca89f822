import { useEffect, useRef, useState } from 'preact/hooks';
import type { BlueprintOrder, BlueprintProgress, BlueprintVerb } from '../../../api/blueprints.ts';
import { lines, messageOf } from '../../client/api.ts';

export interface Ordered {
  /** `lost`: the answer broke off, as it does when the agent ends. */
  readonly state: 'idle' | 'running' | 'done' | 'failed' | 'lost';
  readonly messages: readonly string[];
  /** What the command printed. */
  readonly result?: unknown;
  readonly error?: string;
}

const STOPPED = 'Stopped. What was done so far stays, and the next run goes on from there.';

/** A command for a blueprint, and how far it is. It is stopped with the component, or by `stop`. */
export function useOrder(): Ordered & { start(verb: BlueprintVerb, order: BlueprintOrder): void; stop(): void } {
  const [ordered, setOrdered] = useState<Ordered>({ state: 'idle', messages: [] });
  const running = useRef<AbortController | undefined>(undefined);
  const stop = (): void => running.current?.abort();
  useEffect(() => stop, []);
  const start = (verb: BlueprintVerb, order: BlueprintOrder): void => {
    stop();
    const own = new AbortController();
    running.current = own;
    const show = (change: (now: Ordered) => Ordered): void => {
      if (running.current === own) setOrdered(change);
    };
    show(() => ({ state: 'running', messages: [] }));
    const onLine = (line: string): void => show((now) => step(now, JSON.parse(line) as BlueprintProgress));
    lines(`/v1/mesh/blueprints/${verb}`, onLine, own.signal, order).then(
      () => show((now) => (now.state === 'running' ? { ...now, state: 'lost' } : now)),
      (failure: unknown) => {
        if (own.signal.aborted) show((now) => ({ ...now, state: 'failed', error: STOPPED }));
        // The answer had begun: whoever gave it is gone.
        else if (failure instanceof TypeError) show((now) => ({ ...now, state: 'lost' }));
        else show((now) => ({ ...now, state: 'failed', error: messageOf(failure) }));
      },
    );
  };
  return { ...ordered, start, stop };
}

function step(now: Ordered, progress: BlueprintProgress): Ordered {
  switch (progress.type) {
    case 'message':
      return { ...now, messages: [...now.messages, progress.text] };
    case 'result':
      return { ...now, result: progress.value };
    case 'end':
      return { ...now, state: progress.exit === 0 ? 'done' : 'failed' };
  }
}
