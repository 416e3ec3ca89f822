/** The mouse drags what is in a frame that scrolls, and its wheel with Ctrl (or two fingers) zooms by a factor. Returns what ends it. */
export function follow(frame: HTMLElement, zoom: (factor: number) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const drag = (event: PointerEvent): void => {
    // A finger scrolls by itself; lines and services are for pointing at.
    if (event.pointerType !== 'mouse' || event.button !== 0 || (event.target as Element).closest('a, [role="button"]')) return;
    frame.setPointerCapture(event.pointerId);
    frame.classList.add('dragged');
  };
  const move = (event: PointerEvent): void => {
    if (frame.hasPointerCapture(event.pointerId)) frame.scrollBy(-event.movementX, -event.movementY);
  };
  const wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300));
  };
  frame.addEventListener('pointerdown', drag, { signal });
  frame.addEventListener('pointermove', move, { signal });
  frame.addEventListener('lostpointercapture', () => frame.classList.remove('dragged'), { signal });
  frame.addEventListener('wheel', wheel, { signal, passive: false });
  return () => stop.abort();
}
