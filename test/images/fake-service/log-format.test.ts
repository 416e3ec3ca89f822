import { describe, expect, it } from 'vitest';
import { formatLogLine, isLogged } from '../../../src/images/fake-service/log-format.ts';

const at = Date.UTC(2026, 0, 2, 15, 4, 5, 7);

describe('formatLogLine', () => {
  it('prints text as hclog does', () => {
    expect(formatLogLine('text', at, 'info', 'Handle inbound request', { request: 'GET / HTTP/1.1', code: 200, empty: '' })).toBe(
      '2026-01-02T15:04:05.007Z [INFO]  Handle inbound request: request="GET / HTTP/1.1" code=200 empty=""',
    );
    expect(formatLogLine('text', at, 'error', 'Oh')).toBe('2026-01-02T15:04:05.007Z [ERROR] Oh');
  });

  it('prints JSON', () => {
    expect(JSON.parse(formatLogLine('json', at, 'warn', 'Oh', { a: 1 }))).toEqual({
      '@level': 'warn',
      '@message': 'Oh',
      '@timestamp': '2026-01-02T15:04:05.007Z',
      a: 1,
    });
  });

  it('stays one line, whatever a client sends', () => {
    expect(formatLogLine('text', at, 'info', 'x', { uri: '/\u001b[31m\n2026 [INFO] forged' })).not.toMatch(/\p{Cc}/u);
  });
});

it('drops what is below the level', () => {
  expect([isLogged('debug', 'info'), isLogged('info', 'info'), isLogged('error', 'off'), isLogged('trace', 'trace')]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});
