import { expect, it } from 'vitest';
import { logMaxBytes } from '../../src/app/log-limit.ts';

it('is 10 MiB, or what is set', () => {
  expect(logMaxBytes({})).toBe(10_485_760);
  expect(logMaxBytes({ MESH_LOG_MAX_BYTES: '' })).toBe(10_485_760);
  expect(logMaxBytes({ MESH_LOG_MAX_BYTES: '4096' })).toBe(4096);
});

it.each(['0', '-1', '10MB', '1e6'])('can not be %s', (text) => {
  expect(() => logMaxBytes({ MESH_LOG_MAX_BYTES: text })).toThrow(`MESH_LOG_MAX_BYTES is not a number of bytes: "${text}"`);
});
