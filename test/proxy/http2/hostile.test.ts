import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Http2Client, http2App } from '../fixture/http2.ts';
import { Mesh, WEB } from '../fixture/mesh.ts';
import { eventually, RawClient } from '../fixture/sockets.ts';

type Field = readonly [name: string, value: string];

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION] = [0, 1, 3, 4, 6, 7, 9];
const END_STREAM = 1;
const END_HEADERS = 4;

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK: a literal that is not indexed, without Huffman coding. */
function literal([name, value]: Field): Buffer {
  const text = (of: string): Buffer => {
    const bytes = Buffer.from(of, 'latin1');
    const length = bytes.length < 127 ? [bytes.length] : [127, ((bytes.length - 127) & 127) | 128, (bytes.length - 127) >> 7];
    return Buffer.concat([Buffer.from(length), bytes]);
  };
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

function head(stream: number, fields: readonly Field[], flags = END_STREAM): Buffer {
  const block = Buffer.concat(fields.map(literal));
  const first = frame(HEADERS, flags | (block.length <= 16_000 ? END_HEADERS : 0), stream, block.subarray(0, 16_000));
  const rest: Buffer[] = [];
  for (let at = 16_000; at < block.length; at += 16_000)
    rest.push(frame(CONTINUATION, at + 16_000 >= block.length ? END_HEADERS : 0, stream, block.subarray(at, at + 16_000)));
  return Buffer.concat([first, ...rest]);
}

interface Seen {
  readonly type: number;
  readonly stream: number;
  readonly payload: Buffer;
}

function framesOf(bytes: Buffer): Seen[] {
  const frames: Seen[] = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    frames.push({ type: bytes[at + 3]!, stream: bytes.readUInt32BE(at + 5), payload: bytes.subarray(at + 9, end) });
    at = end;
  }
  return frames;
}

const GET: readonly Field[] = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'payments'],
];
const and = (...fields: Field[]): readonly Field[] => [...GET, ...fields];
const but = (...changed: Field[]): readonly Field[] => GET.map((field) => changed.find(([name]) => name === field[0]) ?? field);
const without = (name: string): readonly Field[] => GET.filter((field) => field[0] !== name);

/** Reset with PROTOCOL_ERROR (1) or ENHANCE_YOUR_CALM (11), or answered with a status. */
const HOSTILE: readonly (readonly [string, readonly Field[], { reset: number } | { status: number }])[] = [
  ['a name in upper case', and(['X-Up', '1']), { reset: 1 }],
  ['connection', and(['connection', 'close']), { reset: 1 }],
  ['keep-alive', and(['keep-alive', '5']), { reset: 1 }],
  ['proxy-connection', and(['proxy-connection', 'close']), { reset: 1 }],
  ['transfer-encoding', and(['transfer-encoding', 'chunked']), { reset: 1 }],
  ['upgrade', and(['upgrade', 'h2c']), { reset: 1 }],
  ['te other than trailers', and(['te', 'gzip']), { reset: 1 }],
  ['no :method', without(':method'), { reset: 1 }],
  ['no :path', without(':path'), { reset: 1 }],
  ['an empty :path', but([':path', '']), { reset: 1 }],
  ['a :path that is none', but([':path', 'x']), { reset: 1 }],
  ['a :path with a space', but([':path', '/a b']), { reset: 1 }],
  ['a :path with a fragment', but([':path', '/#x']), { status: 400 }],
  ['no :scheme', without(':scheme'), { reset: 1 }],
  ['a :scheme of something else', but([':scheme', 'ftp']), { status: 400 }],
  ['neither :authority nor Host', without(':authority'), { reset: 1 }],
  ['an :authority with userinfo and a path', but([':authority', 'a@b/c']), { reset: 1 }],
  ['an :authority with userinfo', but([':authority', 'u@payments']), { status: 400 }],
  ['a Host that is not the :authority', and(['host', 'other']), { status: 400 }],
  ['two :methods', and([':method', 'POST']), { reset: 1 }],
  ['a pseudo-header field after the others', [...GET.slice(0, 3), ['x', '1'], GET[3]!], { reset: 1 }],
  ['a pseudo-header field that is none', and([':foo', 'x']), { reset: 1 }],
  ['a response field', and([':status', '200']), { reset: 1 }],
  ['a method with a space', but([':method', 'G T']), { reset: 1 }],
  ['a method in lower case', but([':method', 'get']), { status: 400 }],
  ['CONNECT', [[':method', 'CONNECT'], GET[3]!], { status: 405 }],
  ['extended CONNECT', [...but([':method', 'CONNECT']), [':protocol', 'websocket']], { reset: 1 }],
  ['a content-length that is none', and(['content-length', 'x']), { reset: 1 }],
  ['two content-lengths', and(['content-length', '5'], ['content-length', '6']), { reset: 1 }],
  ['a content-length without a body', and(['content-length', '5']), { reset: 1 }],
  ['Expect of something else', and(['expect', 'wonders']), { status: 417 }],
  ['a head over 60 KiB', and(...Array.from({ length: 7 }, (_, i): Field => [`x${i}`, 'y'.repeat(9_000)])), { status: 431 }],
  ['300 fields', and(...Array.from({ length: 300 }, (_, i): Field => [`x${i}`, '1'])), { reset: 11 }],
];

const requests: string[][] = [];
let mesh: Mesh;
let app: Awaited<ReturnType<typeof http2App>>;

beforeAll(async () => {
  app = await http2App((stream, _headers, raw) => {
    requests.push([...raw]);
    stream.resume();
    stream.respond({ ':status': 200 });
    stream.end('ok');
  });
  mesh = await Mesh.start({ app: app.at, protocol: 'http2' });
});

afterAll(async () => {
  await mesh.close();
  await app.close();
});

/** Everything up to the answer, the reset or the end of the connection. */
async function exchange(...frames: readonly Buffer[]): Promise<Seen[]> {
  const client = await RawClient.connect(mesh.upstream);
  client.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0), ...frames]));
  const over = ({ type }: Seen) => type === RST_STREAM || type === GOAWAY || type === HEADERS;
  await client.until(() => client.ended !== undefined || framesOf(client.received).some(over)).catch(() => undefined);
  client.close();
  return framesOf(client.received);
}

/** Of an answer in HPACK: an indexed status, or a literal that has its digits; those are Huffman coded at times, so the log says it. */
const lastRefusal = (): unknown => mesh.log.lines.findLast(({ message }) => message === 'request refused')?.fields['status'];

describe('a head of HTTP/2', () => {
  it.each(HOSTILE)('with %s is refused', async (_name, fields, expected) => {
    const before = requests.length;
    const frames = await exchange(head(1, fields));
    if ('reset' in expected) {
      const reset = frames.find(({ type }) => type === RST_STREAM);
      expect(reset?.payload.readUInt32BE(0)).toBe(expected.reset);
    } else {
      expect(frames.some(({ type, stream }) => type === HEADERS && stream === 1)).toBe(true);
      expect(lastRefusal()).toBe(expected.status);
    }
    expect(requests.length).toBe(before);
  });

  it.each<[string, Field]>([
    ['a line break in a value', ['x-bad', 'a\r\nx-evil: 1']],
    ['NUL in a value', ['x-bad', 'a\0b']],
    ['a space in a name', ['x bad', '1']],
    ['an empty name', ['', '1']],
    ['a space before a value', ['x-bad', ' 1']],
  ])('loses a field with %s', async (_name, field) => {
    const before = requests.length;
    await exchange(head(1, and(field, ['x-good', '1'])));
    await eventually(() => requests.length > before, 'the request');
    const seen = requests.at(-1)!;
    expect(seen).toContain('x-good');
    expect(seen.join('|')).not.toMatch(/x.bad|evil/);
  });
});

describe('a body of HTTP/2', () => {
  it.each([
    ['longer', 4, 'abcdef'],
    ['shorter', 9, 'abcdef'],
  ])('%s than its length was told is reset', async (_name, length, body) => {
    const frames = await exchange(
      head(1, [...but([':method', 'POST']), ['content-length', String(length)]], 0),
      frame(DATA, END_STREAM, 1, Buffer.from(body)),
    );
    expect(frames.find(({ type }) => type === RST_STREAM)?.payload.readUInt32BE(0)).toBe(1);
  });

  it('that is not as its head says, and a frame that may not be, are counted and logged as refused', async () => {
    const stats = () => mesh.client.stats().listeners[`${WEB}/outbound/payments`]!;
    const malformed = [
      [head(1, [...but([':method', 'POST']), ['content-length', '9']], 0), frame(DATA, END_STREAM, 1, Buffer.from('abc'))],
      [head(1, but([':method', 'POST']), 0), head(1, [['connection', 'close']])],
      [head(2, GET)],
    ];
    for (const frames of malformed) {
      const before = { ...stats() };
      await exchange(...frames);
      await eventually(() => stats().refusedRequests > before.refusedRequests, 'the refusal');
      expect(stats()).toMatchObject({ refusedRequests: before.refusedRequests + 1, status4xx: before.status4xx + 1 });
      expect(stats().completedRequests).toBe(stats().requests);
      expect(lastRefusal()).toBe(400);
    }
  });

  it('that its client breaks off never looks whole', async () => {
    const aborted: boolean[] = [];
    let begun = 0;
    const own = await http2App((stream) => {
      begun++;
      stream.on('aborted', () => aborted.push(true));
      stream.on('end', () => aborted.push(stream.aborted));
      stream.resume();
    });
    const broken = await Mesh.start({ app: own.at, protocol: 'http2' });
    for (const code of [0, 8]) {
      const before = aborted.length;
      const already = begun;
      const client = await RawClient.connect(broken.upstream);
      client.write(
        Buffer.concat([PREFACE, frame(SETTINGS, 0, 0), head(1, but([':method', 'POST']), 0), frame(DATA, 0, 1, Buffer.from('part'))]),
      );
      await eventually(() => begun > already, 'the request');
      const error = Buffer.alloc(4);
      error.writeUInt32BE(code);
      client.write(frame(RST_STREAM, 0, 1, error));
      await eventually(() => aborted.length > before, 'the end of it');
      client.close();
    }
    expect(aborted).not.toContain(false);
    await broken.close();
    await own.close();
  });
});

describe('floods', () => {
  it.each([
    [
      'resets',
      () =>
        Array.from({ length: 3_000 }, (_, i) =>
          Buffer.concat([head(2 * i + 1, GET), frame(RST_STREAM, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8]))]),
        ),
    ],
    ['pings', () => Array.from({ length: 5_000 }, () => frame(PING, 0, 0, Buffer.alloc(8)))],
    ['settings', () => Array.from({ length: 5_000 }, () => frame(SETTINGS, 0, 0))],
    ['empty data', () => [head(1, but([':method', 'POST']), 0), ...Array.from({ length: 5_000 }, () => frame(DATA, 0, 1))]],
    [
      'continuations',
      () => [
        frame(HEADERS, 0, 1, literal(GET[0]!)),
        ...Array.from({ length: 2_000 }, () => frame(CONTINUATION, 0, 1, literal(['x', 'y']))),
      ],
    ],
  ])('of %s are the last thing on their connection, and nobody else notices', async (_name, frames) => {
    const client = await RawClient.connect(mesh.upstream);
    client.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]));
    // Read slowly, so that what is to be answered piles up at the sidecar if it lets it.
    client.socket.pause();
    for (const some of chunksOf(frames(), 250)) client.write(Buffer.concat(some));
    await new Promise((resolve) => setImmediate(resolve));
    client.socket.resume();
    const over = () => framesOf(client.received).some(({ type }) => type === GOAWAY);
    await client.until((one) => one.ended !== undefined || over()).catch(() => undefined);
    client.close();
    const other = new Http2Client(mesh.upstream);
    expect((await other.call({})).status).toBe(200);
    other.close();
  });
});

function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
