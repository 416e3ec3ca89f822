/** Host ports as blueprints write them -> those that are open: `--ports auto` moves some. */
export type OpenedPorts = ReadonlyMap<number, number>;

export function openedPorts(
  forwards: readonly { readonly address?: string; readonly wantedPort: number; readonly hostPort: number }[],
): OpenedPorts {
  const ofHost = forwards.filter(({ address, wantedPort }) => address === undefined && wantedPort !== 0);
  return new Map(ofHost.map(({ wantedPort, hostPort }) => [wantedPort, hostPort]));
}

/**
 * A value in which addresses of this machine (`http://localhost:9090/ui`) name the ports that are really open. Under
 * Shipyard all names below shipyard.run were this machine, by a public DNS server; here localhost does without.
 */
export function followPorts(value: unknown, opened: OpenedPorts): unknown {
  if (opened.size === 0) return value;
  if (typeof value === 'string') {
    return value.replace(
      /(?<![\w.-])(localhost|127\.0\.0\.1|[\w.-]+\.shipyard\.run):(\d{1,5})(?!\d)/g,
      (whole, host: string, written: string) => {
        const port = opened.get(Number(written));
        return port === undefined ? whole : `${host.endsWith('.shipyard.run') ? 'localhost' : host}:${port}`;
      },
    );
  }
  if (Array.isArray(value)) return value.map((item) => followPorts(item, opened));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, followPorts(item, opened)]));
}
