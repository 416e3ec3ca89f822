import type { Socket } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { Backend } from './backend.ts';

/**
 * Answers a readiness probe (READY_ALPN): one line, then the end. Proves the whole way to the application without a request;
 * `client` is the identity that its certificate has proved.
 */
export async function answerProbe(socket: Socket, app: Pick<Backend<never>, 'dial'>, allowed: boolean, client: string): Promise<void> {
  if (!allowed) return finish(socket, `denied ${client}`);
  try {
    (await app.dial()).destroy();
    finish(socket, `ok ${client}`);
  } catch (error) {
    finish(socket, `failed ${messageOf(error).replaceAll('\n', ' ')}`);
  }
}

function finish(socket: Socket, line: string): void {
  socket.resume();
  socket.end(`${line}\n`, () => socket.destroySoon());
}
