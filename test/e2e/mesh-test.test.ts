import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestReport } from '../../src/gherkin/report/json.ts';
import { elements, parseXml } from '../gherkin/report/xml.ts';
import { eventually, Workspace } from './harness.ts';

const SHIPPED = join(import.meta.dirname, '../../blueprints');

/** A workspace whose scenarios have their homes in a folder of its own. */
class TestBench extends Workspace {
  readonly tmp: string;

  constructor() {
    super();
    this.tmp = join(this.cwd, 'tmp');
    mkdirSync(this.tmp);
    this.env['TMPDIR'] = this.tmp;
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.cwd, dirname(path)), { recursive: true });
    writeFileSync(join(this.cwd, path), text);
  }

  /** v1 with other features, and its port where the test wants it. */
  shop(feature: string, port = 9090): void {
    cpSync(join(SHIPPED, 'v1'), join(this.cwd, 'shop'), { recursive: true });
    const web = join(this.cwd, 'shop/web.hcl');
    writeFileSync(web, readFileSync(web, 'utf8').replace('host   = 9090', `host   = ${port}`));
    writeFileSync(join(this.cwd, 'shop/test/v1.feature'), feature);
  }

  async report(...args: string[]): Promise<{ code: number | null; report: TestReport }> {
    const { code, stdout } = await this.mesh('test', ...args, '--json');
    return { code, report: JSON.parse(stdout) as TestReport };
  }

  /** Homes and processes of scenarios that are still there. */
  async left(): Promise<string[]> {
    const look = () => [...readdirSync(this.tmp), ...processesWith(this.tmp)];
    return eventually(look, (left) => left.length === 0);
  }
}

/** Command lines of what has a text in its environment. */
function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text)
          ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
          : [];
      } catch {
        return [];
      }
    });
}

const statuses = (report: TestReport): string[] =>
  report.features.flatMap(({ scenarios }) => scenarios.map(({ name, status }) => `${name}: ${status}`));

describe('features that come with mesh', () => {
  it('pass, at the same time, whoever has their ports; and leave nothing', async () => {
    await using mesh = new TestBench();
    const { code, report } = await mesh.report('v2', '--parallel', '3', '--junit', 'out/report.xml');
    expect(code, JSON.stringify(report, undefined, 1)).toBe(0);
    expect(report).toMatchObject({
      ok: true,
      counts: { scenarios: { total: 5, passed: 5 } },
      features: [{ name: 'v2, the same services in a mesh' }],
    });
    const xml = parseXml(readFileSync(join(mesh.cwd, 'out/report.xml'), 'utf8'));
    expect(xml.attributes).toMatchObject({ tests: '5', failures: '0', errors: '0', skipped: '0' });
    expect(elements(xml, 'testcase').map(({ attributes }) => attributes['name'])).toEqual(
      report.features[0]!.scenarios.map(({ name, example }) => (example ? `${name} [${example['protocol']}]` : name)),
    );
    const v1 = await mesh.mesh('test', 'v1');
    expect(v1, v1.stdout).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/✓ Given I have a running blueprint {2}\d\.\d\d s\n[\s\S]*\n1 scenario: 1 passed/),
    });
    expect(await mesh.left()).toEqual([]);
    expect(existsSync(mesh.home)).toBe(false);
  });
});

describe('a failing feature', () => {
  const FEATURE = `Feature: shop
  Background:
    Given I have a running blueprint

  @bad
  Scenario: another text
    Then a HTTP call to "http://localhost:9999" should result in status 200
    And the response body should contain "payments of v7"
    And the response body should contain "payments of v1"

  @bad @slow
  Scenario: a command that does not end
    When I run the command "sh -c 'echo begun; sleep 60'"

  @unknown
  Scenario: nobody knows this
    Then a HTTP call to "http://localhost:9999" should result in state 200

  @good
  Scenario Outline: ports that are taken, in <where>
    Given the environment variable "WHERE" has a value "<where>"
    When I run the script
      """
      curl -s http://localhost:9999 | grep 'payments of v1'
      curl -s localhost:$MESH_PORT_9999 >/dev/null && echo "called from $WHERE"
      consul config list -kind service-defaults && mesh status --json | grep -c '"agent"'
      """
    Then I expect the exit code to be 0
    And I expect the response to contain "called from <where>"
    And I expect the response to contain "payments of v1"
    And the following output variables should be set
      | name | value                 |
      | web  | http://localhost:9090 |
    Examples:
      | where   |
      | scripts |
`;

  it('says what was expected and found, skips the rest, and follows ports that had to move', async () => {
    await using mesh = new TestBench();
    const other = createServer((_, response) => response.end('somebody else'));
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    try {
      mesh.shop(FEATURE.replaceAll('9999', String(port)), port);
      const { code, stdout } = await mesh.mesh('test', 'shop', '--parallel', '2', '--step-timeout', '3s', '--junit', 'report.xml');
      expect(code, stdout).toBe(1);
      expect(stdout).toMatch(
        /✗ And the response body should contain "payments of v7".*\n {6}shop\/test\/v1\.feature:8:5\n.*\n {6}expected {2}payments of v7\n {6}found .*\n/,
      );
      expect(stdout).toContain('- And the response body should contain "payments of v1"\n');
      expect(stdout).toMatch(/it did not end within \d\.\d s\n {6}begun\n/);
      expect(stdout).toContain('shop/test/v1.feature:17:5: error: there is no such step');
      expect(stdout).toContain('did you mean: a HTTP call to "URL" should result in status N\n');
      expect(stdout).toMatch(/the last lines of web:\n(?: {8}.*\n)*.*Handle inbound request/);
      expect(stdout).toContain('4 scenarios: 1 passed, 2 failed, 1 undefined');
      expect(stdout).toContain('✗ shop/test/v1.feature:6  another text\n');
      const xml = parseXml(readFileSync(join(mesh.cwd, 'report.xml'), 'utf8'));
      expect(xml.attributes).toMatchObject({ tests: '4', failures: '2', errors: '1' });
    } finally {
      other.close();
    }
    expect(await mesh.left()).toEqual([]);
  });

  it('is looked at before it is run', async () => {
    await using mesh = new TestBench();
    mesh.shop(FEATURE);
    const dry = await mesh.mesh('test', 'shop', '--dry-run');
    expect(dry).toMatchObject({ code: 1, stdout: expect.stringContaining('4 scenarios: 1 undefined, 3 skipped') });
    expect(await mesh.mesh('test', 'shop', '--dry-run', '--tags', 'not @unknown')).toMatchObject({ code: 0 });
    expect((await mesh.report('shop', '--tags', '@unknown')).report.counts.scenarios).toMatchObject({ total: 1, undefined: 1 });
    expect(await mesh.mesh('test', 'shop', '--tags', '@nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there are: @bad, @slow, @unknown, @good'),
    });
    expect(await mesh.mesh('test', 'shop', '--tags', '@a and')).toMatchObject({ code: 2 });
    expect(await mesh.mesh('test', 'shop', '--ports', 'fixed', '--parallel', '2')).toMatchObject({ code: 2 });
    mesh.write('shop/test/wrong.feature', 'Feature: x\n  Scenario: y\n    Given a\n    Thn b\n');
    expect(await mesh.mesh('test', 'shop')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^shop\/test\/wrong\.feature:4:5: error: [\s\S]*did you mean "Then"\?/),
    });
    expect(JSON.parse((await mesh.mesh('test', 'shop', '--json')).stdout)).toMatchObject({
      error: { code: 'invalid', diagnostics: [{ line: 4, column: 5 }] },
    });
    mesh.write('shop/broken.hcl', 'container "x" {\n  imag {}\n}\n');
    const broken = await mesh.mesh('test', 'shop/test/v1.feature:6');
    expect(broken).toMatchObject({ code: 3, stdout: expect.stringContaining('✗ Given I have a running blueprint') });
    expect(broken.stdout).toMatch(/shop\/broken\.hcl:2:3: error:/);
    expect(await mesh.left()).toEqual([]);
  });
});

describe('mesh test', () => {
  it('takes everything away when it is stopped, and says so with its exit code', async () => {
    await using mesh = new TestBench();
    mesh.shop(`Feature: shop
  Scenario: sleeps
    Given I have a running blueprint
    When I run the command "sh -c 'touch begun; sleep 60'"
  Scenario: comes after
    Given I have a running blueprint
`);
    const { child, promise } = mesh.start('mesh', ['test', 'shop']);
    await eventually(() => existsSync(join(mesh.cwd, 'shop/test/begun')), Boolean);
    child.kill('SIGINT');
    expect(await promise).toMatchObject({ code: 130, stdout: expect.stringContaining('2 scenarios: 2 skipped') });
    expect(await mesh.left()).toEqual([]);
  });

  it('leaves the last scenario to who wants to look at it', async () => {
    await using mesh = new TestBench();
    mesh.shop('Feature: shop\n  Scenario: stays\n    Given I have a running blueprint\n');
    const kept = await mesh.mesh('test', 'shop', '--dont-destroy');
    expect(kept).toMatchObject({ code: 0 });
    const [, home = ''] = /MESH_HOME=(\S+) mesh purge -y/.exec(kept.stderr) ?? [];
    expect(await mesh.shell(`MESH_HOME=${home} mesh status`)).toMatchObject({ code: 0, stdout: expect.stringContaining('payments') });
    expect(await mesh.shell(`MESH_HOME=${home} mesh purge -y`)).toMatchObject({ code: 0 });
    expect(await mesh.left()).toEqual([]);
  });
});

describe('steps of Shipyard and of the mesh', () => {
  it('on a blueprint with a Consul server, a router and a splitter', async () => {
    await using mesh = new TestBench();
    cpSync(join(import.meta.dirname, 'shapes/published/consul-docker'), join(mesh.cwd, 'shop'), { recursive: true });
    mesh.write(
      'shop/test/shop.feature',
      `Feature: Consul in Docker
  Scenario: what it is, and who answers
    Given I have a running blueprint using version "v0.3.1"
    Then the following resources should be running
      | name     | type      |
      | onprem   | network   |
      | consul_1 | container |
      | api_v2   | container |
    And there should be a resource running called "resource.container.web"
    And a HTTP call to "http://consul-1.container.shipyard.run:8500/v1/status/leader" should result in status 200
    And the info "{.NetworkSettings.Ports['8500/tcp'][0].HostPort}" for the running "container" called "consul_1" should equal "8500"
    And the info "{.HostConfig.Binds}" for the running "container" called "web" should contain ":/config/web.hcl:rw"
    And the info "{.State.Pid}" for the running container "resource.container.api_v1" should exist
    And a TCP connection to "web.container.shipyard.run:9090" should open
    And a call from "web" to "api" should be answered by "v2"
    And a call from "web" to "api" with header "x-version" "1" should be answered by "v1"
    And the identity of "web" seen by "api" should be "spiffe://…/svc/web"
    And the identity of "api" seen by "web" should be "spiffe://…/svc/api"
    When I write the config entry
      """
      Kind = "service-splitter"
      Name = "api"
      Splits = [
        { Weight = 70, ServiceSubset = "v1" },
        { Weight = 30, ServiceSubset = "v2" },
      ]
      """
    Then the field "Splits[0].Weight" of the config entry "service-splitter" "api" should be "70"
    And 300 calls from "web" to "api" should be split 70/30 between "v1" and "api-v2" within 12 %
    When I run the command "curl -s http://localhost:9091" in "web"
    Then I expect the response to contain "api, "
    When an intention denies "web" -> "api"
    Then a call from "web" to "api" should be denied
    And a call from "web" to "api" should result in status 403

  Scenario: what does not hold
    Given I have a running blueprint
    Then 100 calls from "web" to "api" should be split 50/50 between "v1" and "v2" within 5 %
  Scenario: who is not there
    Given I have a running blueprint
    Then a call from "web" to "ap" should be allowed
  Scenario: who is somebody else
    Given I have a running blueprint
    Then the identity of "web" seen by "api" should be "spiffe://…/svc/api"
`,
    );
    const { code, report } = await mesh.report('shop', '--parallel', '2', '--step-timeout', '15s');
    expect(code).toBe(1);
    expect(statuses(report), JSON.stringify(report.features[0]!.scenarios[0], undefined, 1)).toEqual([
      'what it is, and who answers: passed',
      'what does not hold: failed',
      'who is not there: failed',
      'who is somebody else: failed',
    ]);
    const failures = report.features[0]!.scenarios.slice(1).map(({ steps }) => steps.at(-1)!.failure);
    expect(failures).toMatchObject([
      { expected: '50 % v1, 50 % v2, within 5 %', found: '100.0 % v2' },
      { message: 'ap is no upstream of web', hint: 'did you mean "api"?' },
      { expected: 'spiffe://…/svc/api', found: expect.stringMatching(/^spiffe:\/\/[\w-]+\.consul\/ns\/default\/dc\/dc1\/svc\/web$/) },
    ]);
    expect(await mesh.left()).toEqual([]);
  }, 40_000);
});
