import { createServer, type Server, type Socket } from 'node:net';
import { errorToJson, MeshError } from '../../base/errors.ts';
import { onLines, parseObject } from './lines.ts';
import { ALIVE_MS, type CallLine, type Event, type Method, type Params, type Result } from './protocol.ts';

export interface Call<M extends Method> {
  readonly params: Params<M>;
  /** Aborted when the caller asks to cancel; its reason is the MeshError to fail with. */
  readonly signal: AbortSignal;
  readonly emit: (event: Event<M>) => void;
  /** Runs when the reply is on its way. The caller's connection stays open until this process ends. */
  readonly afterReply: (work: () => unknown) => void;
}

export type Handlers = { readonly [M in Method]: (call: Call<M>) => Promise<Result<M>> };

export interface RpcServer {
  readonly server: Server;
  /** Ends open connections. */
  close(): void;
}

/** Serves the private protocol. A caller that hangs up only detaches; its call goes on. */
export function createRpcServer(handlers: Handlers, options: { version: string; onBug(error: unknown): void }): RpcServer {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const cancel = new AbortController();
    let started = false;
    onLines(socket, (line) => {
      if (socket.destroyed) return;
      const message = parseLine(line);
      // Not our protocol: whoever it is learns nothing, and the agent goes on.
      if (!message) socket.destroy();
      // After the call itself, which begins a tick later (below).
      else if ('cancel' in message)
        setImmediate(() => cancel.abort(new MeshError('interrupted', 'stopped; what was done so far is saved')));
      else if (!started) {
        started = true;
        // A caller that has left while this process was frozen does not want it any more.
        setImmediate(() => {
          if (!socket.destroyed && !socket.readableEnded) void answer(message, cancel.signal, socket);
        });
      }
    });
  });
  const answer = async (message: CallLine, signal: AbortSignal, socket: Socket): Promise<void> => {
    const after: (() => unknown)[] = [];
    const send = (line: object, sent: () => void = () => undefined) => {
      if (socket.writable) socket.write(`${JSON.stringify(line)}\n`, sent);
      else sent();
    };
    const runAfter = () => {
      for (const work of after) work();
    };
    const { version } = options;
    const alive = setInterval(() => send({ alive: true }), ALIVE_MS);
    try {
      const known = Object.hasOwn(handlers, message.method);
      const handler = (known ? handlers[message.method] : undefined) as ((call: Call<Method>) => Promise<unknown>) | undefined;
      if (!handler)
        throw new MeshError('failed', `this agent (${version}) does not know ${message.method}`, { hint: 'mesh agent restart' });
      const result = await handler({
        params: message.params as never,
        signal,
        emit: (event) => send({ event }),
        afterReply: (work) => after.push(work),
      });
      send({ result, version }, runAfter);
    } catch (error) {
      if (!(error instanceof MeshError)) options.onBug(error);
      send({ error: errorToJson(error), version }, runAfter);
    }
    clearInterval(alive);
    if (after.length === 0) socket.end();
  };
  return {
    server,
    close() {
      server.close();
      for (const socket of sockets) socket.end();
    },
  };
}

function parseLine(line: string): CallLine | { cancel: true } | undefined {
  const message = parseObject(line);
  if (!message) return undefined;
  return 'cancel' in message || ('method' in message && typeof message.method === 'string') ? (message as CallLine) : undefined;
}
