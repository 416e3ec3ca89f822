import { describe, expect, it } from 'vitest';
import { renderJunit } from '../../../src/gherkin/report/junit.ts';
import { results } from './results.ts';
import { elements, parseXml } from './xml.ts';

describe('renderJunit', () => {
  const root = parseXml(renderJunit(results(), 31_334));

  it('is well-formed, and counts what is in it', () => {
    expect(root).toMatchObject({
      name: 'testsuites',
      attributes: { tests: '4', failures: '1', errors: '1', skipped: '1', time: '31.334' },
    });
    const cases = elements(root, 'testcase');
    expect(cases.map(({ attributes }) => attributes['name'])).toEqual(['one', 'two', 'three [x]', 'four']);
    for (const [attribute, element] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const)
      expect(String(elements(root, element).length)).toBe(root.attributes[attribute]);
  });

  it('keeps texts as they are, but for what XML can’t hold', () => {
    const [suite] = elements(root, 'testsuite');
    expect(suite!.attributes).toMatchObject({ name: 'the <shop> & "co"', file: 'shop/test/shop.feature', tests: '4', failures: '1' });
    const [failure] = elements(root, 'failure');
    expect(failure!.attributes['message']).toBe('http://localhost:9090 has another status');
    expect(failure!.text).toContain('shop/test/shop.feature:9:7\nGiven c\n');
    expect(failure!.text).toContain('found     503\nand <more> ]]> "text"');
    const [output] = elements(root, 'system-out');
    expect(output!.text).toBe('web:\nbell \uFFFD, half of a pair \uFFFD, \uFFFD[31mred\uFFFD[0m & <b>\nlast');
  });

  it('names the rule, and the line of an example', () => {
    const [, two, three] = elements(root, 'testcase');
    expect(two!.attributes).toMatchObject({ classname: 'the <shop> & "co".who pays', line: '8', time: '30.100' });
    expect(three!.attributes).toMatchObject({ line: '16' });
  });

  it('counts what could not be taken away as a failure', () => {
    const [passed, failed] = results();
    const xml = parseXml(renderJunit([{ ...passed!, status: 'failed', teardown: failed!.teardown! }], 1));
    expect(elements(xml, 'failure').map(({ attributes }) => attributes['message'])).toEqual(['the agent does not answer']);
  });
});
