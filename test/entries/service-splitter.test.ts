import { describe, expect, it } from 'vitest';
import { normalWeight, serviceSplitter } from '../../src/entries/service-splitter.ts';
import { prepare, refused, stored } from './prepare.ts';

const splits = (...weights: unknown[]) => ({ Splits: weights.map((Weight, i) => ({ Weight, ServiceSubset: `v${i}` })) });

describe('service-splitter', () => {
  it.each([
    [
      'numbers and texts, columns of spaces, commas after everything',
      'kind = "service-splitter",\nname = "web"\nsplits = [ { weight  = 33.33, service_subset = "v1" }, { weight = "66.67", }, ]',
      '{"Kind":"service-splitter","Name":"web","Splits":[{"Weight":33.33,"ServiceSubset":"v1"},{"Weight":66.67}]}',
    ],
    [
      'a part without any requests',
      'kind = "service-splitter"\nname = "web"\nsplits = [{ weight = 100 }, { weight = 0 service = "api" }]',
      '{"Kind":"service-splitter","Name":"web","Splits":[{"Weight":100},{"Weight":0,"Service":"api"}]}',
    ],
    [
      'the same destination with other headers',
      'kind = "service-splitter"\nname = "web"\nsplits = [{ weight = 50 }, { weight = 50 request_headers { set { a = "b" } } }]',
      '{"Kind":"service-splitter","Name":"web","Splits":[{"Weight":50},{"Weight":50,"RequestHeaders":{"Set":{"a":"b"}}}]}',
    ],
  ])('keeps %s', (_, text, json) => {
    expect(stored(text)).toBe(json);
  });

  it.each([
    [{}, 'no splits configured'],
    [splits(), 'no splits configured'],
    [splits(80, 10), 'the sum of all split weights must be 100, not 90.000000'],
    [splits(33.33, 33.33, 33.33), 'the sum of all split weights must be 100, not 99.990000'],
    [splits(110, -10), 'Splits[1].Weight must be between 0 and 100, not -10'],
    [
      { Splits: [{ Weight: 50 }, { Weight: 50, Service: 'web' }] },
      'split destination occurs more than once: service="web", subset="", namespace="", partition=""',
    ],
    [{ Splits: [{ Weight: 100, RequestHeaders: { Remove: ['a:'] } }] }, 'Splits[0].RequestHeaders.Remove has an invalid header name "a:"'],
  ])('refuses %j', (fields, message) => {
    expect(refused('service-splitter', fields)).toBe(message);
  });

  it('rounds weights to 0.01, in 32 bits as Consul', () => {
    expect([33.333, 66.667, 0.004, 0.005, 0.015, 1.005, 100].map(normalWeight)).toEqual([33.33, 66.67, 0, 0.01, 0.02, 1.01, 100]);
    expect(prepare('service-splitter', splits(33.333, 33.333, 33.334)).entry).toBeUndefined();
    expect(prepare('service-splitter', splits(33.333, 33.333, 33.335)).entry).toBeDefined();
  });

  it('speaks of its own service and of those that it leads to', () => {
    const { entry } = prepare('service-splitter', { Splits: [{ Weight: 50, Service: 'a' }, { Weight: 50 }] });
    expect(serviceSplitter.references(entry!)).toEqual([{ service: 'web' }, { service: 'a' }]);
  });
});
