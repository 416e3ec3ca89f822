import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as secureConnect } from 'node:tls';
import { promisify } from 'node:util';
import * as oracle from 'dns-packet';

export interface Answer {
  readonly rcode: string;
  readonly flags: { readonly aa: boolean; readonly tc: boolean; readonly ra: boolean };
  readonly answers: readonly string[];
  readonly authorities: readonly string[];
  readonly additionals: readonly string[];
  readonly bytes: number;
}

/** Asks over UDP or TCP, and shows records as lines: `web.service.consul 0 A 10.1.1.1`. */
export async function ask(port: number, name: string, type: string, how: { udp?: number; over?: 'udp' | 'tcp' } = {}): Promise<Answer> {
  const { udp, over = 'udp' } = how;
  const opt = {
    type: 'OPT' as const,
    name: '.',
    udpPayloadSize: udp ?? 0,
    flags: 0,
    extendedRcode: 0,
    ednsVersion: 0,
    flag_do: false,
    options: [],
  };
  const bytes = oracle.encode({
    type: 'query',
    id: 77,
    flags: oracle.RECURSION_DESIRED,
    questions: [{ name, type: type as oracle.RecordType, class: 'IN' }],
    additionals: udp === undefined ? [] : [opt],
  });
  const answer = await (over === 'udp' ? overUdp(port, bytes) : overTcp(port, bytes));
  const read = oracle.decode(answer) as oracle.DecodedPacket & { rcode: string };
  const lines = (records: readonly oracle.Answer[] = []): string[] => records.filter((record) => record.type !== 'OPT').map(line);
  return {
    rcode: read.rcode,
    flags: { aa: read.flag_aa, tc: read.flag_tc, ra: read.flag_ra },
    answers: lines(read.answers),
    authorities: lines(read.authorities),
    additionals: lines(read.additionals),
    bytes: answer.length,
  };
}

export function overUdp(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.on('error', reject);
    socket.on('message', (message) => {
      socket.close();
      resolve(message);
    });
    socket.send(bytes, port, '127.0.0.1');
  });
}

function overTcp(port: number, bytes: Buffer): Promise<Buffer> {
  return overStream(connect(port, '127.0.0.1'), bytes);
}

export function overTls(port: number, bytes: Buffer, options: ConnectionOptions): Promise<Buffer> {
  return overStream(secureConnect({ port, host: '127.0.0.1', checkServerIdentity: () => undefined, ...options }), bytes);
}

function overStream(socket: Socket, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    // In pieces, as a slow client's come.
    socket.write(length);
    socket.write(bytes.subarray(0, 5), () => socket.write(bytes.subarray(5)));
    let received: Buffer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed without an answer')));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      socket.destroy();
      resolve(received.subarray(2));
    });
  });
}

function line(record: oracle.Answer): string {
  const { name, ttl, type, data } = record as { name: string; ttl: number; type: string; data: unknown };
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(String).join('');
    if (typeof value !== 'object' || value === null) return String(value);
    const { priority, weight, port, target, mname, rname, refresh } = value as Record<string, unknown>;
    return target === undefined ? `${String(mname)} ${String(rname)} ${String(refresh)}` : [priority, weight, port, target].join(' ');
  };
  return `${name} ${ttl} ${type} ${text(data)}`;
}

/** Debian's dnsutils; undefined where it isn't installed. */
export async function dig(port: number, ...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('dig', ['@127.0.0.1', '-p', String(port), '+time=5', '+tries=1', ...args]);
  return stdout.split('\n').filter((text) => text !== '');
}

export const hasDig: boolean = await promisify(execFile)('dig', ['-v']).then(
  () => true,
  () => false,
);
