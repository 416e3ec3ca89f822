import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callUpstream } from '../fixture/http.ts';
import { Mesh } from '../fixture/mesh.ts';
import { type TestApp, tcpApp } from '../fixture/sockets.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const SMUGGLED = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled';

/** Name and bytes: what no client may take for an answer. */
const HEADS: readonly (readonly [string, string])[] = [
  ['no version', '200 OK\r\n\r\n'],
  ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
  ['HTTP/1.2', 'HTTP/1.2 200 OK\r\n\r\n'],
  ['lower case', 'http/1.1 200 OK\r\n\r\n'],
  ['two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['a sign', 'HTTP/1.1 +20 OK\r\n\r\n'],
  ['two spaces', 'HTTP/1.1  200 OK\r\n\r\n'],
  ['NUL in the phrase', 'HTTP/1.1 200 O\x00K\r\n\r\n'],
  ['a request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['an empty line first', `\r\n${OK}Content-Length: 0\r\n\r\n`],
  ['bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['CR alone', `HTTP/1.1 200 OK\rX: y\r\n\r\n`],
  ['equal lengths', `${OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\nab`],
  ['lengths as a list', `${OK}Content-Length: 2, 2\r\n\r\nab`],
  ['a negative length', `${OK}Content-Length: -1\r\n\r\n`],
  ['length and coding', `${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['an unknown coding', `${OK}Transfer-Encoding: gzip\r\n\r\nab`],
  ['chunked twice', `${OK}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
  ['a coding in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a folded field', `${OK}X: a\r\n b\r\n\r\n`],
  ['a space before a colon', `${OK}Content-Length : 2\r\n\r\nab`],
  ['a field without a colon', `${OK}X\r\n\r\n`],
  ['a control character', `${OK}X: \x01\r\n\r\n`],
  ['a head of 70 KiB', `${OK}X: ${'a'.repeat(70_000)}\r\n\r\n`],
  ['201 fields', `${OK}${'X: y\r\n'.repeat(201)}\r\n`],
  ['a switch that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
  ['TLS', '\x15\x03\x01\x00\x02\x02\x46'],
];

const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`;
/** The head has gone to the client: it must see that the rest is not whole. */
const BODIES: readonly (readonly [string, string])[] = [
  ['a chunk size that is none', `${CHUNKED}x\r\n`],
  ['a chunk size with a space', `${CHUNKED}2 \r\nab\r\n0\r\n\r\n`],
  ['bare LF after a chunk size', `${CHUNKED}2\nab\r\n0\r\n\r\n`],
  ['data longer than its chunk', `${CHUNKED}2\r\nabc\r\n0\r\n\r\n`],
  ['a trailer without a colon', `${CHUNKED}0\r\nX\r\n\r\n`],
  ['a trailer with a length', `${CHUNKED}0\r\nContent-Length: 2\r\n\r\n`],
  ['an end before its length', `${OK}Content-Length: 5\r\n\r\nab`],
];

let app: TestApp;
let mesh: Mesh;
let answer = '';

beforeAll(async () => {
  app = await tcpApp((socket) => socket.once('data', () => socket.end(Buffer.from(answer, 'latin1'))));
  mesh = await Mesh.start({ app: app.at, protocol: 'http' });
});
afterAll(async () => {
  await mesh.close();
  await app.close();
});

describe('hostile responses', () => {
  it.each(HEADS)('%s is a 502 with a reason', async (_, bytes) => {
    answer = bytes + SMUGGLED;
    const response = await callUpstream(mesh, { path: '/' });
    expect(response.statusCode).toBe(502);
    expect(response.headers['x-mesh-reason']).toMatch(/upstream/);
    expect(await text(response)).not.toContain('smuggled');
  });

  it.each(BODIES)('%s is seen as broken off', async (_, bytes) => {
    answer = bytes;
    await expect(callUpstream(mesh, { path: '/' }).then((response) => text(response))).rejects.toThrow();
  });

  it('what follows an answer is not that of the next request', async () => {
    answer = `${OK}Content-Length: 2\r\n\r\nab${SMUGGLED}`;
    expect(await text(await callUpstream(mesh, { path: '/' }))).toBe('ab');
    answer = `${OK}Content-Length: 4\r\n\r\ngood`;
    expect(await text(await callUpstream(mesh, { path: '/' }))).toBe('good');
  });
});
