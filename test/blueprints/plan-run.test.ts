import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appliedIn } from '../../src/app/applied.ts';
import type { DesiredGraph } from '../../src/blueprints/graph.ts';
import type { PlannedCause, PlannedChange, PlanReport } from '../../src/blueprints/plan-report.ts';
import { type Bench, bench } from './engine-harness.ts';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

const FILES: Readonly<Record<string, string>> = {
  'network.hcl': 'network "local" {\n  subnet = "10.5.0.0/16"\n}\n',
  'shop.hcl': `container "payments" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  network {
    name       = "network.local"
    ip_address = "10.5.0.110"
  }
  env {
    key   = "MESSAGE"
    value = "payments"
  }
}

container "web" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  network { name = "network.local" }
  depends_on = ["container.payments"]
  env_var    = { NAME = "web", DB_PASSWORD = "one" }
  port {
    local = 9090
    host  = 19090
  }
}

output "address" { value = "http://localhost:19090" }
`,
  'letter.tmpl': 'Dear #{{ .Vars.who }}\n',
  'letter.hcl': `template "letter" {
  source      = file("letter.tmpl")
  destination = "./out/letter"
  vars        = { who = "web" }
}
`,
};

/** A blueprint on the disk and an engine, which plans and runs it. */
class Shop {
  readonly folder: string;
  readonly bench: Bench = bench();

  constructor(files: Readonly<Record<string, string>> = FILES) {
    this.folder = workspace(files);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  async graph(): Promise<DesiredGraph> {
    const running = () =>
      Promise.resolve(new Map(appliedIn(this.bench.engine.journal.state, new Map()).resources.map((one) => [one.key, one])));
    const { graph, diagnostics } = await load(this.folder, [], { running });
    expect(diagnostics).toEqual([]);
    return graph!;
  }

  async plan(): Promise<PlanReport> {
    const { engine } = this.bench;
    return engine.plan(await this.graph(), { ports: 'fixed', signal: new AbortController().signal, emit: () => undefined });
  }

  async run(): Promise<string[]> {
    this.bench.events.length = 0;
    await this.bench.run(await this.graph());
    return this.bench.events.filter((event) => /^(created|destroyed|updating|replacing|shared) /.test(event)).toSorted();
  }
}

/** What a run tells of each action. */
const EVENTS: Record<PlannedChange['action'], readonly string[]> = {
  create: ['created'],
  update: ['updating', 'created'],
  replace: ['replacing', 'destroyed', 'created'],
  swap: ['created', 'destroyed'],
  destroy: ['destroyed'],
  share: ['shared'],
  disown: [],
  keep: [],
};

const eventsOf = ({ changes }: PlanReport): string[] =>
  changes.flatMap(({ action, key }) => EVENTS[action].map((event) => `${event} ${key}`)).toSorted();

const causeText = (cause: PlannedCause): string => {
  if (cause.kind === 'attribute')
    return `${cause.path} ${cause.secret ? 'secret' : `${JSON.stringify(cause.before)} ${JSON.stringify(cause.after)}`}`;
  if (cause.kind === 'resource') return cause.key;
  return cause.kind === 'status' ? cause.text : cause.path;
};

const told = ({ changes }: PlanReport): string[] =>
  changes.flatMap(({ action, key, causes }) => (action === 'keep' ? [] : [[`${action} ${key}`, ...causes.map(causeText)].join(': ')]));

type Edit = readonly [what: string, edit: (shop: Shop) => unknown, plan: readonly string[]];

const replaceIn =
  (file: keyof typeof FILES, from: string, to: string) =>
  (shop: Shop): void => {
    expect(FILES[file]).toContain(from);
    shop.write(file, FILES[file]!.replace(from, to));
  };

const EDITS: readonly Edit[] = [
  ['nothing', () => undefined, []],
  ['a comment, and an attribute that does not count', replaceIn('shop.hcl', 'depends_on', '# new\n  privileged = true\n  depends_on'), []],
  [
    'an attribute',
    replaceIn('shop.hcl', '10.5.0.110', '10.5.0.111'),
    ['replace container.payments: network.ip_address "10.5.0.110" "10.5.0.111"', 'replace container.web: container.payments'],
  ],
  [
    'a block of the environment',
    replaceIn('shop.hcl', '"payments"\n  }', '"payments of v2"\n  }'),
    ['replace container.payments: env.MESSAGE "payments" "payments of v2"', 'replace container.web: container.payments'],
  ],
  [
    'a new variable of the environment',
    replaceIn('shop.hcl', 'NAME = "web"', 'NAME = "web", MORE = "yes"'),
    ['replace container.web: env_var.MORE undefined "yes"'],
  ],
  ['a secret', replaceIn('shop.hcl', '"one"', '"two"'), ['replace container.web: env_var.DB_PASSWORD secret']],
  ['a host port', replaceIn('shop.hcl', 'host  = 19090', 'host  = 19091'), ['replace container.web: port.host 19090 19091']],
  [
    'a second port',
    replaceIn('shop.hcl', '    host  = 19090\n  }', '    host  = 19090\n  }\n  port {\n    local = 9091\n    host  = 19091\n  }'),
    ['replace container.web: port[1].local undefined 9091: port[1].host undefined 19091'],
  ],
  [
    'an output',
    replaceIn('shop.hcl', '"http://localhost:19090"', '"http://127.0.0.1:19090"'),
    ['replace output.address: value "http://localhost:19090" "http://127.0.0.1:19090"'],
  ],
  [
    'a network under everything',
    replaceIn('network.hcl', '10.5.0.0/16', '10.5.0.0/17'),
    [
      'replace network.local: subnet "10.5.0.0/16" "10.5.0.0/17"',
      'replace container.payments: network.local',
      'replace container.web: network.local: container.payments',
    ],
  ],
  ['a resource more', (shop) => shop.write('more.hcl', 'output "more" { value = "1" }\n'), ['create output.more']],
  ['a resource less', (shop) => shop.write('shop.hcl', FILES['shop.hcl']!.replace(/output .*\n/, '')), ['destroy output.address']],
  ['another name', replaceIn('shop.hcl', 'output "address"', 'output "url"'), ['destroy output.address', 'create output.url']],
  [
    'a file that a function reads',
    (shop) => shop.write('letter.tmpl', 'Hello #{{ .Vars.who }}\n'),
    ['replace template.letter: source "Dear #{{ .Vars.who }}\\n" "Hello #{{ .Vars.who }}\\n"'],
  ],
  [
    'a mark',
    (shop) => shop.bench.engine.taint('container.payments'),
    ['replace container.payments: it is tainted', 'replace container.web: container.payments'],
  ],
  ['a file less', (shop) => rmSync(join(shop.folder, 'letter.hcl')), ['destroy template.letter']],
];

describe('what `plan` shows is what `run` does', () => {
  it('for a blueprint of which nothing runs', async () => {
    const shop = new Shop();
    const planned = await shop.plan();
    expect(told(planned).map((line) => line.split(' ')[0])).toEqual(Array.from({ length: 5 }, () => 'create'));
    expect(await shop.run()).toEqual(eventsOf(planned));
  });

  it.each(EDITS)('after an edit of %s', async (_, edit, expected) => {
    const shop = new Shop();
    await shop.run();
    await edit(shop);
    const planned = await shop.plan();
    expect(told(planned)).toEqual(expected);
    expect(await shop.run()).toEqual(eventsOf(planned));
    expect(told(await shop.plan())).toEqual([]);
  });

  it('and planning touches nothing', async () => {
    const shop = new Shop();
    await shop.run();
    replaceIn('shop.hcl', '10.5.0.110', '10.5.0.111')(shop);
    const { log, context } = shop.bench;
    const before = [log.records.length, context.log.length, [...context.exists]];
    await shop.plan();
    expect([log.records.length, context.log.length, [...context.exists]]).toEqual(before);
  });

  it('what makes no difference is no cause of a later change', async () => {
    const shop = new Shop();
    await shop.run();
    const odd = FILES['shop.hcl']!.replace('depends_on', 'privileged = true\n  depends_on');
    shop.write('shop.hcl', odd);
    await shop.run();
    shop.write('shop.hcl', odd.replace('NAME = "web"', 'NAME = "www"'));
    expect(told(await shop.plan())).toEqual(['replace container.web: env_var.NAME "web" "www"']);
  });

  it('and a refusal is the same', async () => {
    const shop = new Shop();
    shop.bench.context.holders.set(19090, 'nginx (pid 1)');
    const refused = await shop.plan().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'environment', message: expect.stringContaining('port 19090') });
    expect(await shop.run().catch((error: unknown) => error)).toEqual(refused);
  });
});
