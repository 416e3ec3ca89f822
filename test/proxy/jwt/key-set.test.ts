import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/base/ports.ts';
import type { JwtProvider, RemoteKeys } from '../../../src/compile/proxy-config.ts';
import { RequestView } from '../../../src/matching/request-view.ts';
import { parseRequestHead, type RequestHead } from '../../../src/proxy/http1/request.ts';
import { TokenVerifier } from '../../../src/proxy/jwt/verifier.ts';
import { memoryLog } from '../fixture/mesh.ts';
import { eventually, httpApp, type TestApp } from '../fixture/sockets.ts';
import { Issuer } from './issuer.ts';

let server: TestApp;
let okta: Issuer;
let fetches = 0;
/** What the server answers with; a status instead of a key set. */
let answer: () => string | number;
let now = 0;
let slept: number[] = [];
const clock: Clock = {
  now: () => now,
  sleep: (ms) => {
    slept.push(ms);
    return Promise.resolve();
  },
};

beforeEach(async () => {
  now = Date.now();
  slept = [];
  fetches = 0;
  okta = await Issuer.start('okta');
  answer = () => okta.jwks();
  server = await httpApp((_req, res) => {
    fetches++;
    const given = answer();
    if (typeof given === 'number') res.writeHead(given);
    res.end(String(given));
  });
});
afterEach(() => server.close());

function verifier(
  more: Partial<RemoteKeys> = {},
  provider: Partial<JwtProvider> = {},
): { judge: (token: string) => Promise<string>; log: ReturnType<typeof memoryLog> } {
  const uri = `http://127.0.0.1:${server.at.port}/keys`;
  const keys = { uri, timeoutMs: 2_000, cacheMs: 60_000, retries: 0, backOffMs: 100, maxBackOffMs: 300, ...more };
  const log = memoryLog();
  const one = new TokenVerifier(
    { name: 'okta', keys, locations: [{ header: 'token', prefix: '' }], forward: false, clockSkewMs: 0, cacheSize: 10, ...provider },
    { clock, log },
  );
  const view = (token: string) => new RequestView(parseRequestHead(`GET / HTTP/1.1\r\nHost: p\r\ntoken: ${token}\r\n`) as RequestHead);
  const judge = async (token: string): Promise<string> => {
    const verdict = await one.judge(view(token));
    return 'text' in verdict ? verdict.text : 'good';
  };
  return { judge, log };
}

describe('a remote key set', () => {
  it('is fetched before the first request, once for all that come meanwhile, and kept', async () => {
    const { judge } = verifier();
    const token = await okta.token();
    expect(await Promise.all([judge(token), judge(token), judge(await okta.token({ n: 2 }))])).toEqual(['good', 'good', 'good']);
    now += 40_000;
    expect(await judge(token)).toBe('good');
    expect(fetches).toBe(1);
  });

  it('is fetched again in the background before it is too old', async () => {
    const { judge } = verifier();
    await judge(await okta.token());
    now += 50_000;
    expect(await judge(await okta.token())).toBe('good');
    await eventually(() => fetches === 2, 'it is fetched again');
  });

  it('is waited for when it is too old', async () => {
    const { judge } = verifier();
    await judge(await okta.token());
    now += 61_000;
    expect(await judge(await okta.token())).toBe('good');
    expect(fetches).toBe(2);
  });

  it('that has lost a key makes its tokens bad, remembered or not', async () => {
    const { judge } = verifier();
    const token = await okta.token({}, 3_600);
    expect(await judge(token)).toBe('good');
    await okta.rotate('k2');
    answer = () => okta.jwks(true);
    now += 61_000;
    expect(await judge(token)).toBe("Jwks doesn't have key to match kid or alg from Jwt");
  });

  it('is looked at anew for a key that is not in it, but not for each such token', async () => {
    const { judge } = verifier();
    await judge(await okta.token());
    await okta.rotate('k2');
    const token = await okta.token();
    expect(await judge(token)).toMatch(/^Jwks doesn't have key/);
    expect(fetches).toBe(1);
    now += 10_001;
    expect(await judge(token)).toBe('good');
    expect(fetches).toBe(2);
  });

  it('that can not be had is tried again as told, and later', async () => {
    answer = () => 503;
    const { judge, log } = verifier({ retries: 3 });
    expect(await judge(await okta.token())).toBe('Jwks remote fetch is failed');
    expect([fetches, slept]).toEqual([4, [100, 200, 300]]);
    expect(log.lines.at(-1)?.fields['reason']).toMatch(/^127\.0\.0\.1:\d+ answers 503$/);
    expect(await judge(await okta.token())).toBe('Jwks remote fetch is failed');
    expect(fetches).toBe(4);
    now += 1_001;
    answer = () => okta.jwks();
    expect(await judge(await okta.token())).toBe('good');
  });

  it.each([
    ['<html>', 'Jwks is an invalid JSON'],
    ['{"keys":7}', 'Jwks is an invalid JSON'],
    ['{"keys":[null,{"kty":"EC"}]}', "Jwks doesn't have key to match kid or alg from Jwt"],
  ])('that is %s is of no use', async (text, expected) => {
    answer = () => text;
    expect(await verifier().judge(await okta.token())).toBe(expected);
  });

  it('serves on with the keys that it has while the server is away', async () => {
    const { judge } = verifier();
    await judge(await okta.token());
    answer = () => 500;
    now += 50_000;
    expect(await judge(await okta.token())).toBe('good');
    await eventually(() => fetches === 2, 'it is tried again');
    expect(await judge(await okta.token({ n: 1 }))).toBe('good');
  });
});

describe('a token that was good', () => {
  it('is remembered, up to a number, until it expires', async () => {
    const { judge } = verifier({}, { cacheSize: 2 });
    const token = await okta.token({}, 100);
    expect(await judge(token)).toBe('good');
    expect(await judge(token)).toBe('good');
    for (const n of [1, 2, 3]) expect(await judge(await okta.token({ n }))).toBe('good');
    expect(await judge(token)).toBe('good');
    now += 101_000;
    expect(await judge(token)).toBe('Jwt is expired');
  });
});

it('keys of a file are read where the sidecar runs', async () => {
  const { judge, log } = verifier({}, { keys: { file: '/nowhere/keys.json' } });
  expect(await judge(await okta.token())).toBe('Jwks is an invalid JSON');
  expect(log.lines[0]?.fields['reason']).toMatch(/ENOENT/);
});
