import { Watchable } from '../../base/watch.ts';

/** Whether somebody may be looking: a hidden tab asks for nothing. */
export const visible = new Watchable(!document.hidden);
document.addEventListener('visibilitychange', () => visible.set(!document.hidden));
