import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Mesh } from '../fixture/mesh.ts';
import { httpApp, RawClient, send, type TestApp } from '../fixture/sockets.ts';

/** Name, bytes, expected status. Each is sent on a connection of its own, and nothing of it may become a request at the application. */
const H = 'Host: payments\r\n';
const HOSTILE: readonly (readonly [string, string, number])[] = [
  ['no version', 'GET /\r\n\r\n', 400],
  ['two spaces', 'GET  / HTTP/1.1\r\n\r\n', 400],
  ['space in target', `GET /a b HTTP/1.1\r\n${H}\r\n`, 400],
  ['tab as separator', `GET\t/ HTTP/1.1\r\n${H}\r\n`, 400],
  ['lower-case method', `get / HTTP/1.1\r\n${H}\r\n`, 400],
  ['method with a colon', `G:T / HTTP/1.1\r\n${H}\r\n`, 400],
  ['method of 40 letters', `${'A'.repeat(40)} / HTTP/1.1\r\n${H}\r\n`, 400],
  ['lower-case version', `GET / http/1.1\r\n${H}\r\n`, 400],
  ['HTTP/1.2', `GET / HTTP/1.2\r\n${H}\r\n`, 505],
  ['HTTP/3.0', `GET / HTTP/3.0\r\n${H}\r\n`, 505],
  ['HTTP/0.9', 'GET / HTTP/0.9\r\n\r\n', 505],
  ['HTTP/1.10', `GET / HTTP/1.10\r\n${H}\r\n`, 400],
  ['HTTP/2 preface of another version', 'PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n', 505],
  ['TLS hello', '\x16\x03\x01\x02\x00\x01\x00', 400],
  ['NUL first', '\x00GET / HTTP/1.1\r\n', 400],
  ['space first', ` GET / HTTP/1.1\r\n${H}\r\n`, 400],
  ['two empty lines first', `\r\n\r\nGET / HTTP/1.1\r\n${H}\r\n`, 400],
  ['CONNECT', `CONNECT payments:80 HTTP/1.1\r\n${H}\r\n`, 405],
  ['relative target', `GET x HTTP/1.1\r\n${H}\r\n`, 400],
  ['asterisk with GET', `GET * HTTP/1.1\r\n${H}\r\n`, 400],
  ['target with a fragment', `GET /#x HTTP/1.1\r\n${H}\r\n`, 400],
  ['target with NUL', `GET /\x00 HTTP/1.1\r\n${H}\r\n`, 400],
  ['target with raw UTF-8', `GET /\xc3\xa9 HTTP/1.1\r\n${H}\r\n`, 400],
  ['ftp target', `GET ftp://payments/ HTTP/1.1\r\n${H}\r\n`, 400],
  ['target with userinfo', `GET http://u:p@payments/ HTTP/1.1\r\n${H}\r\n`, 400],
  ['target without authority', `GET http:///x HTTP/1.1\r\n${H}\r\n`, 400],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', `GET / HTTP/1.1\r\n${H}${H}\r\n`, 400],
  ['Host with a slash', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
  ['Host with a comma list', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
  ['Host with userinfo', 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n', 400],
  ['bare LF after the request line', `GET / HTTP/1.1\n${H}\r\n`, 400],
  ['bare LF after a field', 'GET / HTTP/1.1\r\nHost: a\n\r\n', 400],
  ['bare LF at the end', 'GET / HTTP/1.1\r\nHost: a\r\n\n', 400],
  ['bare CR in a value', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n', 400],
  ['CR CR LF', 'GET / HTTP/1.1\r\nHost: a\r\r\n\r\n', 400],
  ['obs-fold', `GET / HTTP/1.1\r\n${H}X: a\r\n b\r\n\r\n`, 400],
  ['folded first field', `GET / HTTP/1.1\r\n X: a\r\n${H}\r\n`, 400],
  ['space before the colon', `GET / HTTP/1.1\r\n${H}Content-Length : 5\r\n\r\n`, 400],
  ['tab before the colon', `GET / HTTP/1.1\r\n${H}Transfer-Encoding\t: chunked\r\n\r\n`, 400],
  ['empty name', `GET / HTTP/1.1\r\n${H}: x\r\n\r\n`, 400],
  ['no colon', `GET / HTTP/1.1\r\n${H}X\r\n\r\n`, 400],
  ['NUL in a name', `GET / HTTP/1.1\r\n${H}X\x00: a\r\n\r\n`, 400],
  ['NUL in a value', `GET / HTTP/1.1\r\n${H}X: \x00\r\n\r\n`, 400],
  ['DEL in a value', `GET / HTTP/1.1\r\n${H}X: \x7f\r\n\r\n`, 400],
  ['name in brackets', `GET / HTTP/1.1\r\n${H}[X]: a\r\n\r\n`, 400],
  ['non-ASCII name', `GET / HTTP/1.1\r\n${H}\xdc: a\r\n\r\n`, 400],
  ['CL and TE', `POST / HTTP/1.1\r\n${H}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['TE and CL', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`, 400],
  ['conflicting CLs', `POST / HTTP/1.1\r\n${H}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`, 400],
  ['equal CLs', `POST / HTTP/1.1\r\n${H}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`, 400],
  ['CL as a list', `POST / HTTP/1.1\r\n${H}Content-Length: 3, 3\r\n\r\nabc`, 400],
  ['CL with a plus', `POST / HTTP/1.1\r\n${H}Content-Length: +3\r\n\r\nabc`, 400],
  ['negative CL', `POST / HTTP/1.1\r\n${H}Content-Length: -3\r\n\r\n`, 400],
  ['hexadecimal CL', `POST / HTTP/1.1\r\n${H}Content-Length: 0x3\r\n\r\nabc`, 400],
  ['empty CL', `POST / HTTP/1.1\r\n${H}Content-Length:\r\n\r\n`, 400],
  ['huge CL', `POST / HTTP/1.1\r\n${H}Content-Length: 99999999999999999999\r\n\r\n`, 400],
  ['TE: identity', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: identity\r\n\r\n`, 400],
  ['TE: xchunked', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
  ['TE: chunked, identity', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
  ['TE: gzip, chunked', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 501],
  ['TE: chunked twice', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['TE with vertical tab', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, 400],
  ['TE quoted', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`, 400],
  ['TE in HTTP/1.0', `POST / HTTP/1.0\r\n${H}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['Expect of something else', `POST / HTTP/1.1\r\n${H}Expect: magic\r\nContent-Length: 1\r\n\r\nx`, 417],
  ['a head of 70 KiB', `GET / HTTP/1.1\r\n${H}X: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
  ['a target of 70 KiB', `GET /${'a'.repeat(70_000)} HTTP/1.1\r\n${H}\r\n`, 431],
  ['only a method', `GET\r\n\r\n`, 400],
  ['four words', `GET / x HTTP/1.1\r\n${H}\r\n`, 400],
  ['version with a space after it', `GET / HTTP/1.1 \r\n${H}\r\n`, 400],
  ['HTTP/1.01', `GET / HTTP/1.01\r\n${H}\r\n`, 400],
  ['HTTP/-1.1', `GET / HTTP/-1.1\r\n${H}\r\n`, 400],
  ['HTTPS/1.1', `GET / HTTPS/1.1\r\n${H}\r\n`, 400],
  ['PRI in HTTP/1.1', `PRI * HTTP/1.1\r\n${H}\r\n`, 400],
  ['method with a vertical tab', `G\x0bT / HTTP/1.1\r\n${H}\r\n`, 400],
  ['CR alone', `GET / HTTP/1.1\r${H}\r\n\r\n`, 400],
  ['target with DEL', `GET /\x7f HTTP/1.1\r\n${H}\r\n`, 400],
  ['target with ESC', `GET /\x1b HTTP/1.1\r\n${H}\r\n`, 400],
  ['authority form with GET', `GET payments:80 HTTP/1.1\r\n${H}\r\n`, 400],
  ['backslash for a slash', `GET \\x HTTP/1.1\r\n${H}\r\n`, 400],
  ['authority with a space escape', `GET http://a%zz/ HTTP/1.1\r\nHost: a\x00\r\n\r\n`, 400],
  ['Host with a port of six digits', 'GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n', 400],
  ['Host with letters for a port', 'GET / HTTP/1.1\r\nHost: a:b\r\n\r\n', 400],
  ['Host with an open bracket', 'GET / HTTP/1.1\r\nHost: [::1\r\n\r\n', 400],
  ['Host folded', 'GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n', 400],
  ['Host twice in different case', 'GET / HTTP/1.1\r\nhost: a\r\nHOST: a\r\n\r\n', 400],
  ['BEL in a value', `GET / HTTP/1.1\r\n${H}X: \x07\r\n\r\n`, 400],
  ['name with a slash', `GET / HTTP/1.1\r\n${H}a/b: c\r\n\r\n`, 400],
  ['name with a comma', `GET / HTTP/1.1\r\n${H}a,b: c\r\n\r\n`, 400],
  ['CL with a sign and zeros', `POST / HTTP/1.1\r\n${H}Content-Length: +0\r\n\r\n`, 400],
  ['CL with an underscore', `POST / HTTP/1.1\r\n${H}Content-Length: 1_0\r\n\r\n`, 400],
  ['CL with a fraction', `POST / HTTP/1.1\r\n${H}Content-Length: 3.0\r\n\r\nabc`, 400],
  ['CL with a unit', `POST / HTTP/1.1\r\n${H}Content-Length: 3b\r\n\r\nabc`, 400],
  ['CL in full-width digits', `POST / HTTP/1.1\r\n${H}Content-Length: \xef\xbc\x93\r\n\r\nabc`, 400],
  ['CL of 0 and TE', `POST / HTTP/1.1\r\n${H}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['TE empty', `POST / HTTP/1.1\r\n${H}Transfer-Encoding:\r\n\r\n`, 400],
  ['TE: chunked with a parameter', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n`, 400],
  ['TE: comma, chunked', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n`, 400],
  ['TE over two lines', `POST / HTTP/1.1\r\n${H}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, 400],
  ['TE with NUL', `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\x00\r\n\r\n0\r\n\r\n`, 400],
  ['an empty expectation', `POST / HTTP/1.1\r\n${H}Expect:\r\nContent-Length: 1\r\n\r\nx`, 417],
  ['two expectations', `POST / HTTP/1.1\r\n${H}Expect: 100-continue, x\r\nContent-Length: 1\r\n\r\nx`, 417],
  ['a head of 70 KiB without an end', `GET / HTTP/1.1\r\n${H}X: ${'a'.repeat(70_000)}`, 431],
  ['201 fields', `GET / HTTP/1.1\r\n${H}${'X: y\r\n'.repeat(200)}\r\n`, 431],
];

const CHUNKED = `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n`;
/** Here the head is fine and has gone ahead when the fault shows: the application may see it begin, never end. */
const HOSTILE_BODIES: readonly (readonly [string, string])[] = [
  ['chunk size 0x5', `${CHUNKED}0x5\r\nhello\r\n0\r\n\r\n`],
  ['chunk size +5', `${CHUNKED}+5\r\nhello\r\n0\r\n\r\n`],
  ['chunk size -5', `${CHUNKED}-5\r\nhello\r\n0\r\n\r\n`],
  ['chunk size with a space before', `${CHUNKED} 5\r\nhello\r\n0\r\n\r\n`],
  ['chunk size with a space after', `${CHUNKED}5 \r\nhello\r\n0\r\n\r\n`],
  ['chunk size 5_0', `${CHUNKED}5_0\r\nhello\r\n0\r\n\r\n`],
  ['empty chunk size', `${CHUNKED}\r\nhello\r\n0\r\n\r\n`],
  ['chunk size of 20 digits', `${CHUNKED}${'f'.repeat(20)}\r\nhello\r\n0\r\n\r\n`],
  ['bare LF after the size', `${CHUNKED}5\nhello\r\n0\r\n\r\n`],
  ['bare CR in an extension', `${CHUNKED}5;a\rb\r\nhello\r\n0\r\n\r\n`],
  ['an extension of 300 bytes', `${CHUNKED}5;${'a'.repeat(300)}\r\nhello\r\n0\r\n\r\n`],
  ['data longer than its chunk', `${CHUNKED}5\r\nhello!\r\n0\r\n\r\n`],
  ['bare LF after the data', `${CHUNKED}5\r\nhello\n0\r\n\r\n`],
  ['bare LF in the trailers', `${CHUNKED}0\r\nX: y\n\r\n`],
  ['a trailer without a colon', `${CHUNKED}0\r\nX\r\n\r\n`],
  ['chunk size of a sign', `${CHUNKED}-\r\n\r\n0\r\n\r\n`],
  ['chunk size with a tab', `${CHUNKED}5\t\r\nhello\r\n0\r\n\r\n`],
  ['a space before an extension', `${CHUNKED}5 ;a\r\nhello\r\n0\r\n\r\n`],
  ['a space in an extension', `${CHUNKED}5;a b\r\nhello\r\n0\r\n\r\n`],
  ['an open quote in an extension', `${CHUNKED}5;a="b\r\nhello\r\n0\r\n\r\n`],
  ['NUL in an extension', `${CHUNKED}5;a\x00\r\nhello\r\n0\r\n\r\n`],
  ['extension without end', `${CHUNKED}5;${'a'.repeat(5_000)}`],
  ['bare CR after the size', `${CHUNKED}5\rhello\r\n0\r\n\r\n`],
  ['data shorter than its chunk', `${CHUNKED}6\r\nhello\r\n0\r\n\r\n`],
  ['the last chunk with data', `${CHUNKED}0\r\nhello\r\n\r\n`],
  ['a trailer with a length', `${CHUNKED}0\r\nContent-Length: 5\r\n\r\n`],
  ['a trailer with a coding', `${CHUNKED}0\r\nTransfer-Encoding: chunked\r\n\r\n`],
  ['a trailer with NUL', `${CHUNKED}0\r\nX: \x00\r\n\r\n`],
  ['a trailer with a space before its colon', `${CHUNKED}0\r\nX : y\r\n\r\n`],
  ['a folded trailer', `${CHUNKED}0\r\nX: y\r\n z\r\n\r\n`],
];

let app: TestApp;
let mesh: Mesh;
let complete = 0;
let begun = 0;

beforeAll(async () => {
  app = await httpApp((req, res) => {
    begun++;
    req.resume();
    req.on('end', () => {
      complete++;
      res.end('reached');
    });
  });
  mesh = await Mesh.start({ app: app.at, protocol: 'http', limits: { headMs: 100 } });
});
afterAll(async () => {
  await mesh.close();
  await app.close();
});

describe('hostile messages', () => {
  it.each(HOSTILE)('%s', async (_name, bytes, status) => {
    const before = begun;
    const answer = await send(mesh.upstream, `${bytes}GET /smuggled HTTP/1.1\r\n${H}\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*\r\nx-mesh-reason: [^\r]+\r\n`));
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(begun).toBe(before);
  });

  it.each(HOSTILE_BODIES)('%s', async (_name, bytes) => {
    const before = complete;
    const answer = await send(mesh.upstream, `${bytes}GET /smuggled HTTP/1.1\r\n${H}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(complete).toBe(before);
  });

  it('a head that does not come to its end is answered 408', async () => {
    const client = await RawClient.connect(mesh.upstream);
    client.write('GET / HTTP/1.1\r\nHost: pay');
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 408 /);
    client.close();
  });

  it('a head that comes a byte at a time is answered 408', async () => {
    const client = await RawClient.connect(mesh.upstream);
    const trickle = setInterval(() => client.write('a'), 20);
    client.write('GET / HTTP/1.1\r\nX: ');
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 408 [\s\S]*the request head did not come in time/);
    clearInterval(trickle);
    client.close();
  });

  it('a body that stops coming is answered 408', async () => {
    const slow = await Mesh.start({ app: app.at, protocol: 'http', limits: { idleMs: 100 } });
    for (const body of ['Content-Length: 5\r\n\r\nab', 'Transfer-Encoding: chunked\r\n\r\n5\r\nab']) {
      const client = await RawClient.connect(slow.upstream);
      client.write(`POST / HTTP/1.1\r\n${H}${body}`);
      expect(await client.rest()).toMatch(/^HTTP\/1\.1 408 [\s\S]*the request body stopped coming/);
      client.close();
    }
    await slow.close();
  });

  it('and a good one still gets through', async () => {
    const answer = await send(mesh.upstream, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});
