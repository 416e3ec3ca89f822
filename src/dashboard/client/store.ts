import { useEffect, useState } from 'preact/hooks';
import type { Watch } from '../../base/watch.ts';

/** The present value; the component is drawn again when it changes. */
export function useWatch<T>(watch: Watch<T>): T {
  const [, redraw] = useState({});
  useEffect(() => {
    const seen = watch.value;
    const stop = watch.subscribe(() => redraw({}));
    // It may have changed between the drawing and this.
    if (watch.value !== seen) redraw({});
    return stop;
  }, [watch]);
  return watch.value;
}
