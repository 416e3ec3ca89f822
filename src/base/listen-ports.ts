/** Ports in listen addresses of an environment (`LISTEN_ADDR=0.0.0.0:9090`, `:9090`): what a workload will bind, as far as that tells. */
export function listenPorts(env: Readonly<Record<string, string>>): number[] {
  const ports: number[] = [];
  for (const [name, value] of Object.entries(env)) {
    const match = /^(?:0\.0\.0\.0|\[::\])?:(\d{1,5})$/.exec(value);
    if (match && isListenVariable(name)) ports.push(Number(match[1]));
  }
  return ports;
}

/** Variables whose value is an address to listen on, by the names that programs use. */
export function isListenVariable(name: string): boolean {
  return /ADDR|LISTEN|BIND/i.test(name);
}
