import { useEffect, useRef } from 'preact/hooks';

/** What a key does: `?`, `/`, `e`, or two in turn, `g t`. */
export interface Binding {
  readonly keys: string;
  readonly what: string;
  run(): void;
}

const bindings = new Set<Binding>();
/** How long the second of two keys may take. */
const CHORD_MS = 1200;
let first: { key: string; at: number } | undefined;

export const allBindings = (): readonly Binding[] => Array.from(bindings);

/** Binds a key while the component is there. */
export function useKey(keys: string, what: string, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const binding: Binding = { keys, what, run: () => latest.current() };
    bindings.add(binding);
    return () => void bindings.delete(binding);
  }, [keys, what]);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Keys belong to what one types into, to open dialogs, and to the browser (with a modifier). */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isTyping(event.target)) (event.target as HTMLElement).blur();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const chord = first && event.timeStamp - first.at < CHORD_MS ? `${first.key} ${event.key}` : event.key;
    const found = [...bindings].find(({ keys }) => keys === chord) ?? [...bindings].find(({ keys }) => keys === event.key);
    first = found ? undefined : { key: event.key, at: event.timeStamp };
    if (!found) return;
    event.preventDefault();
    found.run();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
