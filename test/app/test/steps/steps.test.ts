import { describe, expect, it } from 'vitest';
import { STEPS } from '../../../../src/app/test/steps/index.ts';
import { parseFeature } from '../../../../src/gherkin/parse.ts';
import { planOf } from '../../../../src/gherkin/plan.ts';

/** Steps of a text as a scenario has them, planned with the whole table. */
function planned(text: string) {
  const { feature, diagnostics } = parseFeature({ name: 'x.feature', text: `Feature: x\n  Scenario: y\n${text.replace(/^/gm, '    ')}\n` });
  expect(diagnostics).toEqual([]);
  const { scenarios, problems } = planOf([feature!], STEPS, { tags: () => true, lines: new Map() });
  expect(problems.map(({ summary }) => summary)).toEqual([]);
  return scenarios[0]!.steps.map((step) => ('definition' in step ? step : undefined)!);
}

describe.each(STEPS)('$phrase', (definition) => {
  it('has an example that is this step, and no other', () => {
    for (const { step, definition: found } of planned(definition.example)) {
      expect(found.phrase).toBe(definition.phrase);
      expect(STEPS.filter(({ pattern }) => pattern.test(step.text)).length, step.text).toBe(1);
    }
  });

  it('matches whole texts only, and has a sentence of documentation', () => {
    expect(definition.pattern.source).toMatch(/^\^.*\$$/s);
    expect(definition.doc).toMatch(/^[A-Z`].*\.$/s);
  });

  it('is written as it matches', () => {
    // What its phrase says, with something for each of the words in capitals; what may be left out is left out.
    const text = definition.phrase
      .replace(/ \[[^\]]*\]/g, '')
      .replace(/\bN\b/g, '5')
      .replace(/"[A-Z: ]+"/g, '"x"');
    expect(text).toMatch(definition.pattern);
  });
});

describe('wordings of Shipyard and Jumppad', () => {
  it.each([
    ['I have a running blueprint', []],
    ['I have a running blueprint using version "v0.3.1"', ['', 'v0.3.1']],
    ['I have a running blueprint at path "./example"', ['./example', '']],
    ['I have a running blueprint at path "./example" using version "v0.3.1"', ['./example', 'v0.3.1']],
    ['the environment variable "CONSUL_VERSION" has a value "1.8.0"', ['CONSUL_VERSION', '1.8.0']],
    ['the shipyard variable "a" has a value "b c"', ['a', 'b c']],
    ['the jumppad variable "a" has a value ""', ['a', '']],
    ['there should be a "container" running called "consul"', ['container', 'consul']],
    ['there should be a resource running called "resource.container.consul"', ['resource.container.consul']],
    ['a HTTP call to "http://consul.container.shipyard.run:8500/v1/status/leader" should result in status 200', undefined],
    ['the response body should contain "`10\\.6\\.0\\.\\d+`"', ['`10\\.6\\.0\\.\\d+`']],
    [`the info "{.HostConfig.PortBindings['8501/tcp']}" for the running "container" called "consul" should exist`, undefined],
    [
      'the info "{.Config.Env}" for the running "container" called "consul" should contain "foo=bah"',
      ['{.Config.Env}', 'container', 'consul', '', 'foo=bah'],
    ],
    [
      `the info "{.NetworkSettings.Ports['8500/tcp'][0].HostPort}" for the running container "resource.container.consul" should equal "8500"`,
      ["{.NetworkSettings.Ports['8500/tcp'][0].HostPort}", '', '', 'resource.container.consul', '8500'],
    ],
    ['I run the command "curl -k http://consul.container.shipyard.run:8500/v1/status/leader"', undefined],
    ['I run the command "./script.sh"', ['./script.sh']],
    ['I expect the exit code to be 0', ['0']],
    ['I expect the response to contain "`(?i)hello`"', ['`(?i)hello`']],
    ['a TCP connection to "127.0.0.1:8500" should open', ['127.0.0.1:8500']],
  ])('%s', (text, words) => {
    const [step] = planned(`Given ${text}`);
    if (words && words.length > 0) expect(step!.input.words).toEqual(words);
  });

  it('with what stands below them', () => {
    const table = '\n  | key | value |\n  | a | b |';
    const resources = ['\n  | name | type |\n  | consul | container |', '\n  | name |\n  | resource.container.consul |'];
    for (const kind of ['environment', 'shipyard', 'jumppad', 'mesh']) planned(`Given the following ${kind} variables are set${table}`);
    for (const below of resources) planned(`Then the following resources should be running${below}`);
    planned('Then the following output variables should be set\n  | name | value |\n  | a | b |');
    planned('When I run the script\n  ```\n  #!/bin/bash -e\n  ls\n  ```');
  });
});

describe('calls', () => {
  it.each([
    ['a call from "web" to "payments" should be allowed', ['web', 'payments', '']],
    [
      'a call from "web" to "payments" with method "POST" on path "/currency" and header "X-Group" "dev" should be denied',
      ['web', 'payments', ' with method "POST" on path "/currency" and header "X-Group" "dev"'],
    ],
    [
      '500 calls from "web" to "payments" should be split 90/10 between "v1" and "v2" within 5 %',
      ['500', 'web', 'payments', '', '90/10', '"v1" and "v2"', '5'],
    ],
    [
      '100 calls from "a" to "b" on path "/x" should be split 60/30/10 between "v1", "v2" and "v3" within 2.5%',
      ['100', 'a', 'b', ' on path "/x"', '60/30/10', '"v1", "v2" and "v3"', '2.5'],
    ],
    ['an intention denies "web" -> "payments"', ['denies', 'web', 'payments']],
    ['an intention allows calls from "*" to "payments"', ['allows', '*', 'payments']],
    ['the config entry "service-defaults" "payments" exists', ['service-defaults', 'payments']],
  ])('%s', (text, words) => {
    expect(planned(`Then ${text}`)[0]!.input.words).toEqual(words);
  });
});
