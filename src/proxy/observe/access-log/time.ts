/** Envoy's START_TIME: ISO with milliseconds, or strftime's directives with `%3f` for milliseconds; what is none stays as it is. */
export function formatTime(ms: number, format: string): string {
  const date = new Date(ms);
  const iso = date.toISOString();
  if (format === '') return iso;
  const parts: Readonly<Record<string, string>> = {
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    s: String(Math.floor(ms / 1000)),
    '3f': iso.slice(20, 23),
    '6f': `${iso.slice(20, 23)}000`,
    '9f': `${iso.slice(20, 23)}000000`,
    Z: 'UTC',
    z: '+0000',
  };
  return format.replaceAll(/%(3f|6f|9f|[A-Za-z])/g, (directive, name: string) => parts[name] ?? directive);
}
