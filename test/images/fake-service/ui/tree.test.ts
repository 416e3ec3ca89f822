import { describe, expect, it } from 'vitest';
import { callTree } from '../../../../src/images/fake-service/ui/tree.ts';
import { golden } from '../harness.ts';

describe('callTree', () => {
  it.each(['success.v0.9.0', 'success.v0.17.0', 'success.v0.24.2'])('draws %s', (name) => {
    const tree = callTree(JSON.parse(golden(`${name}.json`)));
    expect(tree).toMatchObject({ name: 'web', type: 'HTTP', code: 200, failed: false });
    expect(tree.calls.length).toBeGreaterThan(0);
    expect(tree.calls.every((call) => call.uri !== '')).toBe(true);
  });

  it.each(['upstream-failed.v0.9.0', 'upstream-failed.v0.24.2'])('shows what failed in %s', (name) => {
    const tree = callTree(JSON.parse(golden(`${name}.json`)));
    expect(tree).toMatchObject({ code: 500, failed: true, error: '' });
    expect(tree.calls.map(({ code, failed }) => `${code} ${failed}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '-1 true',
      '503 true',
    ]);
  });

  it('takes 0 for success over gRPC only', () => {
    expect(callTree({ type: 'gRPC', code: 0 }).failed).toBe(false);
    expect(callTree({ type: 'HTTP', code: 0 }).failed).toBe(true);
    expect(callTree({ type: 'gRPC', code: 0, error: 'x' }).failed).toBe(true);
  });

  it('shows a body of JSON as JSON', () => expect(callTree({ body: { a: 1 } }).body).toBe('{\n  "a": 1\n}'));

  it.each([[undefined], [null], ['x'], [[]], [{ upstream_calls: 3, ip_addresses: 'x', code: 'y' }]])('survives %j', (response) => {
    expect(callTree(response)).toMatchObject({ name: '', calls: [], addresses: [], code: 0 });
  });
});
