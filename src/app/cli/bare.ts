/** A string as it is, anything else as JSON. */
export function bare(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
