import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { messageOf } from '../../base/errors.ts';
import { type ProbeOutcome, READY_ALPN } from '../../compile/proxy-config.ts';
import { verifiedPeer } from '../tls/connect.ts';
import type { Upstream } from './failover.ts';

const MAX_ANSWER_BYTES = 4_096;

/** Proves one upstream: mutual TLS with one endpoint, whose sidecar dials its application. `timeoutMs` bounds the answer, not the handshake. */
export async function probeUpstream(upstream: Upstream, timeoutMs: number): Promise<ProbeOutcome> {
  try {
    const socket = await upstream.dial(READY_ALPN);
    return readOutcome(await readLine(socket, timeoutMs), socket instanceof TLSSocket ? verifiedPeer(socket) : undefined);
  } catch (error) {
    return { state: 'failed', reason: messageOf(error) };
  }
}

function readOutcome(line: string, server: string | undefined): ProbeOutcome {
  const [, state, client] = /^(ok|denied) (\S+)$/.exec(line) ?? [];
  if (state === 'ok' || state === 'denied') return { state, ...(client && server ? { seen: { client, server } } : {}) };
  if (line.startsWith('failed ')) return { state: 'failed', reason: line.slice('failed '.length) };
  return {
    state: 'failed',
    reason: line === '' ? 'the sidecar closed the connection without an answer' : 'the sidecar gave an answer that is not one',
  };
}

function readLine(socket: Socket, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    if (!(socket instanceof TLSSocket) || socket.alpnProtocol !== READY_ALPN)
      return fail(new Error('the other side does not know the readiness probe'));
    socket.setTimeout(timeoutMs, () => fail(new Error(`the sidecar did not answer within ${timeoutMs} ms`)));
    socket.on('error', fail);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.length > MAX_ANSWER_BYTES) fail(new Error('the answer of the sidecar is too long'));
    });
    socket.on('close', () => resolve(text.trimEnd()));
    socket.on('end', () => socket.destroySoon());
  });
}
