import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogLine } from '../../../../../src/api/log-line.ts';
import { openTestApi, type TestApi } from '../../api.ts';

let api: TestApi;
let write: (line: LogLine) => void;
let stopped = 0;
const asked: [string, number][] = [];

beforeAll(async () => {
  api = await openTestApi();
  api.plane.hostedBy({
    reload: () => Promise.resolve(),
    leave: () => Promise.resolve(),
    workloadLogs: {
      read: (service, lines) => {
        asked.push([service, lines]);
        if (service !== 'web') return Promise.resolve(undefined);
        return Promise.resolve({
          lines: [{ workload: 'web-0', line: 'begun' }],
          follow: (push, signal) => {
            write = push;
            signal.addEventListener('abort', () => stopped++);
            return Promise.resolve();
          },
        });
      },
    },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

it('are the last lines of the programs of a service', async () => {
  const { status, headers, text } = await api.call('/v1/mesh/logs/web?lines=7');
  expect([status, headers['content-type'], text]).toEqual([200, 'application/x-ndjson', '{"workload":"web-0","line":"begun"}\n']);
  expect(asked.at(-1)).toEqual(['web', 7]);
});

it('go on as they are written, until the reader leaves', async () => {
  const stop = new AbortController();
  const response = await fetch(`http://${api.address}/v1/mesh/logs/web?follow`, { signal: stop.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe('{"workload":"web-0","line":"begun"}\n');
  await expect.poll(() => write !== undefined).toBe(true);
  write({ workload: 'web-0', line: 'said "hello"' });
  expect((await reader.read()).value).toBe('{"workload":"web-0","line":"said \\"hello\\""}\n');
  stop.abort();
  await expect.poll(() => stopped).toBe(1);
});

it.each([
  ['/v1/mesh/logs/nobody', 404, 'no program of service "nobody" runs here'],
  ['/v1/mesh/logs/web?lines=many', 400, 'lines must be a number up to 10000, not "many"'],
  ['/v1/mesh/logs/web?lines=99999', 400, 'lines must be a number up to 10000, not "99999"'],
  ['/v1/mesh/logs/', 400, ''],
])('are refused: %s', async (path, status, text) => {
  const reply = await api.call(path);
  expect(reply.status).toBe(status);
  expect(reply.text).toContain(text);
});
