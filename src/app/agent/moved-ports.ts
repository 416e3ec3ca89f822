/** Host ports as blueprints write them -> those that `--ports auto` opened instead. */
export type MovedPorts = ReadonlyMap<number, number>;

export function movedPorts(
  forwards: readonly { readonly address?: string; readonly wantedPort: number; readonly hostPort: number }[],
): MovedPorts {
  const ofHost = forwards.filter(
    ({ address, wantedPort, hostPort }) => address === undefined && wantedPort !== 0 && wantedPort !== hostPort,
  );
  return new Map(ofHost.map(({ wantedPort, hostPort }) => [wantedPort, hostPort]));
}

/** A value in which addresses of this machine (`http://localhost:9090/ui`) name the ports that are really open. */
export function followMoves(value: unknown, moves: MovedPorts): unknown {
  if (moves.size === 0) return value;
  if (typeof value === 'string') {
    return value.replace(
      /(?<![\w.-])(localhost|127\.0\.0\.1|[\w.-]+\.shipyard\.run):(\d{1,5})(?!\d)/g,
      (whole, host: string, port: string) => {
        const moved = moves.get(Number(port));
        return moved === undefined ? whole : `${host}:${moved}`;
      },
    );
  }
  if (Array.isArray(value)) return value.map((item) => followMoves(item, moves));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, followMoves(item, moves)]));
}
