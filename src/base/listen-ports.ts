/** Ports in listen addresses of an environment (`LISTEN_ADDR=0.0.0.0:9090`, `:9090`): what a workload will bind, as far as that tells. */
export function listenPorts(env: Readonly<Record<string, string>>): number[] {
  const ports: number[] = [];
  for (const [name, value] of Object.entries(env)) {
    const [, loopback, port] = /^(?:0\.0\.0\.0|\[::\]|(127\.0\.0\.1|localhost|\[::1\]))?:(\d{1,5})$/.exec(value) ?? [];
    // An address of this machine is one to call (CONSUL_HTTP_ADDR), unless the name says that it is not.
    if (port !== undefined && (loopback === undefined ? isListenVariable(name) : /LISTEN|BIND/i.test(name))) ports.push(Number(port));
  }
  return ports;
}

/** Variables whose value is an address to listen on, by the names that programs use. */
export function isListenVariable(name: string): boolean {
  return /ADDR|LISTEN|BIND/i.test(name);
}
