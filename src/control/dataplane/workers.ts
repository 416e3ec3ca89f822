/** Which of so many processes a proxy or forward belongs to: always the same one, so that nothing moves when others come and go. */
export function workerOf(id: string, workers: number): number {
  if (workers === 1) return 0;
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % workers;
}

/** `…/dataplane.sock` of the first, `…/dataplane-1.sock` of the next. */
export function workerSocket(path: string, worker: number): string {
  return worker === 0 ? path : path.replace(/(\.[^./]*)?$/, `-${worker}$1`);
}
