import { connect, type Socket } from 'node:net';
import { systemCode } from '../../../base/errors.ts';
import { type Command, Failure } from '../command.ts';
import { textFlag } from '../flags.ts';
import { JSON_FLAGS, printJson, wantsJson } from '../json.ts';

/** In the order in which Consul's documentation lists them. */
const PORTS = [8600, 8500, 8501, 8502, 8503, 8301, 8302, 8300];

/** What a server of Consul's has there, and an agent of mesh has not. */
const UNUSED_HERE: readonly number[] = [8300, 8301, 8302, 8502, 8503];
const DIAL_MS = 5000;

export const troubleshootPorts: Command = {
  name: 'troubleshoot ports',
  synopsis: 'Print which TCP ports of an agent are open',
  usage: [''],
  description:
    'Dials the ports of a Consul server: DNS 8600, HTTP 8500, HTTPS 8501, gRPC 8502 and 8503, gossip 8301 and 8302, RPC 8300.\nAn agent of mesh has neither gossip, RPC nor gRPC: these ports are closed there.',
  examples: ['troubleshoot ports', 'troubleshoot ports -host example.com -ports 80,8500'],
  flags: [
    textFlag('host', 'Name or address to dial; CONSUL_HTTP_ADDR without its port by default, else 127.0.0.1.'),
    textFlag('ports', 'Ports to dial instead, with commas between them.'),
    ...JSON_FLAGS,
  ],
  offline: true,
  run: async ({ io, flags }) => {
    const host = hostOf(flags.string('host') || io.env['CONSUL_HTTP_ADDR'] || '127.0.0.1');
    const given = flags.string('ports') ?? '';
    const ports = given === '' ? PORTS : given.split(',').map(portOf);
    const json = wantsJson(flags);
    const looked = await dialAll(host, ports, io.signal);
    if (json) {
      printJson(io, {
        Host: host,
        Ports: looked.map(({ port, open, error }) => ({ Port: port, Open: open, ...(error ? { Error: error } : {}) })),
      });
      return 0;
    }
    for (const { port, open } of looked)
      io.out(`TCP: Port ${port} on ${host} is ${open ? 'open' : 'closed, unreachable, or the connection timed out'}.\n`);
    const closed = looked.filter(({ port, open }) => !open && UNUSED_HERE.includes(port)).map(({ port }) => port);
    if (given === '' && closed.length > 0)
      io.err(`An agent of mesh does not use ${closed.toSorted((a, b) => a - b).join(', ')}; a Consul server does.\n`);
    return 0;
  },
};

/** Of an address as CONSUL_HTTP_ADDR may have it: `https://10.0.0.5:8501`. */
function hostOf(text: string): string {
  const bare = text.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, '');
  const bracketed = /^\[([^\]]*)\]/.exec(bare);
  if (bracketed) return bracketed[1]!;
  return bare.split(':').length === 2 ? bare.split(':', 1)[0]! : bare;
}

function portOf(text: string): number {
  const port = Number(text.trim());
  if (/^\s*\d+\s*$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Failure(`${JSON.stringify(text.trim())} is not a port: -ports takes numbers from 1 to 65535 with commas between them`);
}

interface Dialled {
  readonly port: number;
  readonly open: boolean;
  readonly error?: string;
}

/** All at once. Rejects with the reason of the signal. */
async function dialAll(host: string, ports: readonly number[], signal: AbortSignal): Promise<Dialled[]> {
  const sockets: Socket[] = [];
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    const looked = await Promise.all(
      ports.map((port) => {
        const socket = connect({ host, port });
        sockets.push(socket);
        return outcomeOf(socket, port);
      }),
    );
    signal.throwIfAborted();
    return looked;
  } finally {
    signal.removeEventListener('abort', hangUp);
    hangUp();
  }
}

function outcomeOf(socket: Socket, port: number): Promise<Dialled> {
  return new Promise((resolve) => {
    socket.setTimeout(DIAL_MS, () => resolve({ port, open: false, error: 'timed out' }));
    socket.once('connect', () => resolve({ port, open: true }));
    socket.on('error', (error) => resolve({ port, open: false, error: systemCode(error) ?? error.message }));
    socket.once('close', () => resolve({ port, open: false, error: 'interrupted' }));
  });
}
