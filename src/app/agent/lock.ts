import { createHash } from 'node:crypto';
import { chmod, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { MeshError, systemCode } from '../../base/errors.ts';

/** Another agent has the home: the caller may wait for it, or use it. */
export class HomeTaken extends MeshError {
  constructor(root: string) {
    super('environment', `another agent owns ${root}`, { hint: 'mesh status' });
  }
}

/**
 * One agent for a home, by whatever path it is called. On Linux an abstract Unix socket, which goes with the process that holds it, so that no lock is
 * ever stale. Elsewhere the agent's own socket serves: if something answers there, the home is taken.
 */
export async function lockHome(
  root: string,
  agentSocket: string,
  options: { abstractSockets: boolean },
): Promise<(() => void) | undefined> {
  if (!options.abstractSockets) return (await answers(agentSocket)) ? undefined : () => undefined;
  const server = createServer((socket) => socket.destroy());
  const name = `\0mesh/home/${createHash('sha256')
    .update(await realpath(root))
    .digest('hex')}`;
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error) => (systemCode(error) === 'EADDRINUSE' ? resolve(true) : reject(error)));
    server.listen(name, () => resolve(false));
  });
  return taken ? undefined : () => server.close();
}

/** Listens on a Unix socket path, taking the place of a stale file. The caller holds the lock of the home. */
export async function listenUnix(server: Server, path: string): Promise<void> {
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
