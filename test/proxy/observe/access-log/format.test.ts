import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRequestHead } from '../../../../src/proxy/http1/request.ts';
import type { LogEntry } from '../../../../src/proxy/observe/access-log/entry.ts';
import { compileFormat } from '../../../../src/proxy/observe/access-log/format.ts';
import { LogFile } from '../../../../src/proxy/observe/access-log/log-file.ts';
import { memoryLog } from '../../fixture/mesh.ts';

const request = parseRequestHead('POST /orders?x=1 HTTP/1.1\r\nHost: shop\r\nX-Group: dev\r\nCookie: a=secret\r\n');
const entry = {
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 67),
  durationMs: 12.6,
  exchange: { request, status: 201, answeredAt: 0, caller: {} },
  bytesUp: 3,
  socket: {},
} as unknown as LogEntry;

function format(text: string): string {
  return compileFormat({ text }, () => undefined)(entry);
}

describe('a text format', () => {
  it.each([
    ['%REQ(:METHOD)% %REQ(:PATH)% %REQ(:AUTHORITY)%', 'POST /orders?x=1 shop'],
    ['%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%', '/orders?x=1'],
    ['%REQ(X-ENVOY-ORIGINAL-PATH?:PATH):4%', '/ord'],
    ['%REQ(x-group)% %REQ(X-Missing)%', 'dev -'],
    ['%REQ(COOKIE)%', '(redacted)'],
    ['%START_TIME%', '2026-01-02T03:04:05.067Z'],
    ['%START_TIME(%Y/%m/%d %H:%M:%S.%3f)%', '2026/01/02 03:04:05.067'],
    ['%START_TIME(%s)%', '1767323045'],
    ['%DURATION% ms, 100%%', '13 ms, 100%'],
    ['%RESPONSE_CODE%%BYTES_RECEIVED%', '2013'],
    ['%NO_SUCH_THING%', '-'],
    ['50% of %PROTOCOL%', '50% of HTTP/1.1'],
  ])('%s', (text, expected) => {
    expect(format(text)).toBe(expected);
  });
});

it('JSON keeps numbers, has null for nothing, and fills texts within objects', () => {
  const json = { code: '%RESPONSE_CODE%', flags: '%RESPONSE_FLAGS%', nested: { list: ['%REQ(:METHOD)% %PROTOCOL%', 1, true] } };
  expect(JSON.parse(compileFormat({ json }, () => undefined)(entry))).toEqual({
    code: 201,
    flags: null,
    nested: { list: ['POST HTTP/1.1', 1, true] },
  });
});

it('names HTTP/2 where the client speaks it', () => {
  const over2 = { ...entry, exchange: { ...entry.exchange, caller: { version: 2 } } } as unknown as LogEntry;
  expect(compileFormat({ text: '%PROTOCOL%' }, () => undefined)(over2)).toBe('HTTP/2');
});

it('says which operators are not known', () => {
  const unknown: string[] = [];
  compileFormat({ text: '%PROTOCOL% %WHO% %DYNAMIC_METADATA(a:b)%' }, (operator) => unknown.push(operator));
  expect(unknown).toEqual(['%WHO%', '%DYNAMIC_METADATA(a:b)%']);
});

describe('a log file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mesh-log-file-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('appends, and goes on where it was cut', async () => {
    const path = join(folder, 'a.log');
    await writeFile(path, 'old\n');
    const file = new LogFile(path, memoryLog());
    file.write('one\n');
    await file.flush();
    await writeFile(path, '');
    file.write('two\n');
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('two\n');
  });

  it('drops what the disk does not take, and says how much', async () => {
    const log = memoryLog();
    const file = new LogFile(join(folder, 'no', 'such', 'folder.log'), log);
    const mib = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 6; i++) file.write(mib);
    await file.close();
    expect(log.lines.map(({ message, fields }) => [message, fields['dropped']])).toEqual([
      ['access log not written', undefined],
      ['lines of an access log dropped', 2],
    ]);
    await rename(folder, `${folder}-moved`);
    await rename(`${folder}-moved`, folder);
  });
});
