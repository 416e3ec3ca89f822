import { chmod, lstat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { systemCode } from '../../base/errors.ts';
import type { ListenAt } from './settings.ts';

export interface Bound {
  /** IP address, or the path of a Unix socket. */
  readonly host: string;
  /** 0 on a Unix socket. */
  readonly port: number;
  /** `host:port`; of a Unix socket, the loopback and no port. */
  readonly address: string;
}

/** Rejects with the system's error when it can't. A Unix socket that nobody listens on any more is replaced. */
export async function bind(server: Server, at: ListenAt): Promise<Bound> {
  if ('path' in at) {
    const { path, mode = 0o600 } = at;
    try {
      await listening(server, { path });
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE' || !(await isAbandoned(path))) throw error;
      await unlink(path);
      await listening(server, { path });
    }
    await chmod(path, mode);
    return { host: path, port: 0, address: '127.0.0.1:0' };
  }
  await listening(server, { host: at.host, port: at.port });
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port, address: `${address}:${port}` };
}

function listening(server: Server, at: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

async function isAbandoned(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSocket()) return false;
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error) => resolve(systemCode(error) === 'ECONNREFUSED'));
  });
}
