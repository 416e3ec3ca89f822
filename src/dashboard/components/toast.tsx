import { Watchable } from '../../base/watch.ts';
import { useWatch } from '../client/store.ts';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'good' | 'bad';
}

const toasts = new Watchable<readonly Toast[]>([]);
let last = 0;
const SHOWN_MS = 6000;

/** Says what has happened, for some seconds; errors stay until they are clicked away. */
export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  last += 1;
  const id = last;
  toasts.set([...toasts.value, { id, text, tone }]);
  if (tone === 'good') setTimeout(() => dismiss(id), SHOWN_MS);
}

const dismiss = (id: number): void => toasts.set(toasts.value.filter((one) => one.id !== id));

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {useWatch(toasts).map(({ id, text, tone }) => (
        <div key={id} class={`toast ${tone}`}>
          <span>{text}</span>
          <button type="button" class="ghost" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ✕
          </button>
        </div>
      ))}
    </div>
  );
}
