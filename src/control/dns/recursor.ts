import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Clock, Random } from '../../base/ports.ts';
import { readResponse } from '../../dns/read.ts';

export interface RecursorOptions {
  /** `8.8.8.8`, `8.8.8.8:53`, `[::1]:53`, asked in this order. */
  readonly servers: readonly string[];
  /** For one server. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

const DNS_PORT = 53;

/** Asks the servers that know the rest of the world. */
export class Recursor {
  readonly #options: RecursorOptions;

  constructor(options: RecursorOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#options.servers.length === 0;
  }

  /** The answer of the first server that has one to this message, with the id of the question; undefined when none has. */
  async ask(message: Buffer, over: 'udp' | 'tcp', signal: AbortSignal): Promise<Buffer | undefined> {
    for (const server of this.#options.servers) {
      // An id of our own on a port of its own: who wants to forge an answer has to guess both.
      const id = Math.floor(this.#options.random.next() * 0x10000);
      const question = Buffer.from(message);
      question.writeUInt16BE(id, 0);
      const answer = await this.#askOne(server, question, over, signal);
      if (!answer) continue;
      const own = Buffer.from(answer);
      own.writeUInt16BE(message.readUInt16BE(0), 0);
      return own;
    }
    return undefined;
  }

  async #askOne(server: string, question: Buffer, over: 'udp' | 'tcp', signal: AbortSignal): Promise<Buffer | undefined> {
    const { clock, timeoutMs } = this.#options;
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    try {
      const asked = over === 'udp' ? askOverUdp(endpointOf(server), question, both) : askOverTcp(endpointOf(server), question, both);
      return await Promise.race([asked.catch(() => undefined), clock.sleep(timeoutMs, both).then(() => undefined)]);
    } catch {
      return undefined;
    } finally {
      stop.abort();
    }
  }
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export function endpointOf(server: string): Endpoint {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(server);
  return match ? { host: (match[1] ?? match[2])!, port: Number(match[3] ?? DNS_PORT) } : { host: server, port: DNS_PORT };
}

function askOverUdp({ host, port }: Endpoint, question: Buffer, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', signal });
    const end = (finish: () => void): void => {
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      finish();
    };
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('message', (answer) => {
      if (isAnswerTo(answer, question)) end(() => resolve(answer));
    });
    // Connected: the system drops what others send to this port.
    socket.connect(port, host, () => socket.send(question));
  });
}

function askOverTcp({ host, port }: Endpoint, question: Buffer, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    let received: Buffer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed without an answer')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const answer = received.subarray(2, 2 + received.readUInt16BE(0));
      if (isAnswerTo(answer, question)) resolve(answer);
      socket.destroy();
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(question.length);
    socket.write(Buffer.concat([length, question]));
  });
}

function isAnswerTo(answer: Buffer, question: Buffer): boolean {
  try {
    const { id, question: echoed } = readResponse(answer);
    const asked = readResponse(asAnswer(question)).question;
    return id === question.readUInt16BE(0) && echoed.type === asked.type && echoed.name.toLowerCase() === asked.name.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A question has the form of an answer with nothing in it. */
function asAnswer(question: Buffer): Buffer {
  const copy = Buffer.from(question);
  copy.writeUInt16BE(0x8000, 2);
  copy.writeUInt16BE(0, 6);
  return copy;
}
