/** `localhost:80`, `[::1]:80`: an address of IPv6 in brackets, as Go's net.JoinHostPort. */
export const hostPort = (host: string, port: number | string): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** The parts of `127.0.0.1:9091`, as `node:net` and its like take them. */
export function splitHostPort(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}
