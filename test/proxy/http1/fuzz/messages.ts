type Random = () => number;

/** What is sent on one connection, in the pieces in which it arrives. */
export interface Input {
  readonly bytes: Buffer;
  readonly pieces: readonly Buffer[];
}

/** First what is right; an odd one is taken now and then. */
const METHODS = ['GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'PATCH', 'get', 'CONNECT', 'PURGE', 'GE T', 'PRI', 'M-SEARCH'];
const TARGETS = [
  '/',
  '/a?b=c',
  '/%2e%2e/x',
  'http://h/p?q',
  '*',
  '/a b',
  '',
  'x',
  '/\x80',
  '/#f',
  'http://u@h/',
  '/"<>\\^`{|}',
  '//',
  'h:80',
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'http/1.1', 'HTTP/1.1 ', 'HTTP/11', 'HTTP/01.1', ''];
const ENDS = ['\r\n', '\n', '\r', '\r\r\n', '\n\r', ' \r\n', '\r\n '];
const COLONS = [': ', ':', ' : ', ' :', ':\t', '\t:', ': \x0b', '::', ''];
const NAMES = ['X-A', 'Cookie', 'a_b', 'X A', '', '\xe9', '"x"', 'X\x00', '(', 'x-mesh-reason'];
const VALUES = ['v', '', 'a, b', 'a\tb', '\x7f', 'a\x00b', '\xff\xfe', 'a\rb', 'a\r\n b', 'x'.repeat(300)];
const HOSTS = ['payments', 'p:80', '[::1]:8', '', 'a b', 'a/b', 'u@h', 'a,b', 'h:x', 'h:123456'];
const CONNECTIONS = ['keep-alive', 'close', 'Upgrade', 'keep-alive, close', 'host', 'content-length', 'transfer-encoding', ',,', 'TE'];
const LENGTHS = ['+N', '-N', '0xN', '0N', 'N ', ' N', 'N,N', 'N, N', '', 'N\t', '1N', 'N.0', 'N;', '99999999999999999999', 'N\x0b'];
const CODINGS = [
  'chunked',
  'Chunked',
  'chunked ',
  ' chunked',
  'xchunked',
  'identity',
  'gzip, chunked',
  'chunked, chunked',
  'chunked, gzip',
  '"chunked"',
];
const SIZES = [
  'N',
  '0N',
  '000000000N',
  'N;a=b',
  'N ;a',
  'N; a="b;c"',
  '0xN',
  '+N',
  '-N',
  ' N',
  'N ',
  'N\t',
  '',
  'g',
  'N;a\x00',
  'FFFFFFFFFFFFFFFFN',
  'N;',
];
const JUNK = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '0',
  '1',
  'f',
  '\x80',
  '\x0b',
  'a',
  '/',
  '\r\n\r\n',
  'GET / HTTP/1.1\r\n',
];

/** Streams of requests, most of them wrong in some way. Equal seeds give equal inputs. */
export function inputs(random: Random): () => Input {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const chance = (of: number): boolean => random() < of;
  /** The first `right` are valid. */
  const mostly = (from: readonly string[], right: number): string => (chance(0.04) ? pick(from) : pick(from.slice(0, right)));
  const end = (): string => (chance(0.01) ? pick(ENDS) : '\r\n');
  const field = (name: string, value: string): string => `${name}${mostly(COLONS, 2)}${value}${end()}`;
  const text = (length: number): string => Array.from({ length }, () => pick(['a', 'b', '\r', '\n', '0', ' ', '\x00', '\xff'])).join('');

  function chunked(): string {
    let body = '';
    for (let left = Math.floor(random() * 3); left > 0; left--) {
      const length = 1 + Math.floor(random() * 20);
      body += `${mostly(SIZES, 6).replace('N', length.toString(16))}${end()}${text(chance(0.03) ? length + 1 : length)}${end()}`;
    }
    const trailer = chance(0.2) ? field(pick(['X-T', 'Content-Length', 'Host', 'X T']), mostly(VALUES, 3)) : '';
    return `${body}0${chance(0.05) ? pick([';x', ' ', '0', '\t']) : ''}${end()}${trailer}${end()}`;
  }

  function request(): string {
    const method = mostly(METHODS, 7);
    const version = mostly(VERSIONS, 3);
    const fields = chance(0.97) ? [field(pick(['Host', 'host', 'HOST']), mostly(HOSTS, 3))] : [];
    if (chance(0.02)) fields.push(field('Host', 'other'));
    for (let more = Math.floor(random() * 3); more > 0; more--) fields.push(field(mostly(NAMES, 3), mostly(VALUES, 4)));
    if (chance(0.2)) fields.push(field('Connection', mostly(CONNECTIONS, 2)));
    if (chance(0.03)) fields.push(field('Upgrade', pick(['websocket', 'h2c', 'x'])));
    if (chance(0.04)) fields.push(field('Expect', pick(['100-continue', 'x', ''])));
    let body = '';
    const kind = random();
    if (kind < 0.35) {
      body = text(Math.floor(random() * 30));
      const length = String(chance(0.03) ? body.length + pick([-1, 1, 5]) : body.length);
      fields.push(field('Content-Length', chance(0.07) ? pick(LENGTHS).replaceAll('N', length) : length));
    }
    if (kind > 0.3 && kind < 0.65) {
      if (kind > 0.35 || chance(0.2)) fields.push(field('Transfer-Encoding', mostly(CODINGS, 2)));
      body = chunked();
    }
    if (chance(0.02)) fields.push(pick(fields));
    fields.sort(() => random() - 0.5);
    return `${method} ${mostly(TARGETS, 4)} ${version}${end()}${fields.join('')}${end()}${body}`;
  }

  function mutated(stream: string): string {
    const at = Math.floor(random() * stream.length);
    const length = Math.floor(random() * 8);
    switch (Math.floor(random() * 4)) {
      case 0:
        return stream.slice(0, at) + pick(JUNK) + stream.slice(at);
      case 1:
        return stream.slice(0, at) + stream.slice(at + 1);
      case 2:
        return stream.slice(0, at) + pick(JUNK) + stream.slice(at + 1);
      default:
        return stream.slice(0, at + length) + stream.slice(at);
    }
  }

  function pieces(bytes: Buffer): Buffer[] {
    if (chance(0.3)) return [bytes];
    const cuts = Array.from({ length: 1 + Math.floor(random() * 5) }, () => Math.floor(random() * bytes.length)).sort((a, b) => a - b);
    return [0, ...cuts].map((cut, i) => bytes.subarray(cut, cuts[i] ?? bytes.length)).filter((piece) => piece.length > 0);
  }

  return () => {
    let stream = Array.from({ length: 1 + Math.floor(random() * 3) }, request).join('');
    for (let times = chance(0.5) ? 0 : Math.floor(random() * 3); times > 0; times--) stream = mutated(stream);
    const bytes = Buffer.from(stream, 'latin1');
    return { bytes, pieces: pieces(bytes) };
  };
}
