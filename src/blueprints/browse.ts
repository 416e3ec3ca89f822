/**
 * The page that `open_in_browser` means: a path of a port of this machine (`/ui`), or a whole URL, which stays.
 * Undefined when nothing is to be opened: it is absent or empty.
 */
export function browsePage(open: string | undefined, hostPort: number): string | undefined {
  if (open === undefined || open === '') return undefined;
  if (/^https?:\/\//.test(open)) return open;
  return `http://localhost:${hostPort}${open.startsWith('/') ? '' : '/'}${open}`;
}
