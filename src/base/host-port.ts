/** `localhost:80`, `[::1]:80`: an address of IPv6 in brackets, as Go's net.JoinHostPort. */
export const hostPort = (host: string, port: number | string): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
