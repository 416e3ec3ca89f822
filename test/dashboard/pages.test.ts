import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, get, Workspace } from '../e2e/harness.ts';
import { CHROMIUM, NEEDS_CHROMIUM, type OpenedPage, openBrowser, openPage, type PageOptions } from './browser.ts';

/** Pages with colours of their own. */
const COLOURFUL = ['#/intentions', '#/config/service-defaults/payments', '#/blueprints', '#/certificates'];

describe.skipIf(CHROMIUM === undefined)(`pages of the dashboard ${NEEDS_CHROMIUM}`, () => {
  let mesh: Workspace;
  let browser: Browser;
  let url: string;
  let ingress: string;
  let api: string;
  beforeAll(async () => {
    mesh = new Workspace();
    mkdirSync(join(mesh.cwd, 'extra'));
    writeFileSync(join(mesh.cwd, 'extra/main.hcl'), 'network "extra" {\n  subnet = "10.77.0.0/16"\n}\n');
    await mesh.mesh('blueprints', 'copy', 'v2');
    [browser, ingress] = await Promise.all([openBrowser(), mesh.run('./v2')]);
    url = (JSON.parse((await mesh.mesh('ui', '--json')).stdout) as { url: string }).url;
    api = new URL(url).origin;
    await fetch(`${api}/v1/config`, {
      method: 'PUT',
      body: JSON.stringify({ Kind: 'service-defaults', Name: 'payments', Protocol: 'http' }),
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await mesh[Symbol.asyncDispose]();
  });

  /** A page of the dashboard, with the right to write. */
  async function open(address: string, options: PageOptions = {}): Promise<OpenedPage> {
    const opened = await openPage(browser, url, options);
    await opened.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await show(opened.page, address);
    return opened;
  }
  const show = (page: Page, address: string) => page.evaluate(`location.hash = ${JSON.stringify(address)}`);
  const entry = async (path: string) => (await (await fetch(`${api}/v1/config/${path}`)).json()) as Record<string, unknown>;

  it('a clicked deny stops the next request, and a clicked allow lets it pass', async () => {
    expect((await get(ingress)).code).toBe(200);
    await using opened = await open('#/intentions');
    const { page, problems } = opened;
    const cell = page.getByRole('button', { name: /^web to payments:/ });
    await cell.click();
    const dialog = page.getByRole('dialog', { name: 'web → payments' });
    await dialog.getByText('mesh intention create -deny web payments').waitFor();
    await dialog.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('button', { name: 'web to payments: denied by web => payments (precedence 9)' }).waitFor();
    const refused = await eventually(
      () => get(ingress),
      ({ code }) => code !== 200,
    );
    expect(Object.values(refused.upstream_calls ?? {}).map(({ code }) => code)).toEqual([403]);

    // By keys: the cell has the focus again, and its arrows lead to the next one and back.
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(/^payments to payments:/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await dialog.getByRole('radio', { name: 'allowed', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'web to payments: allowed by web => payments (precedence 9)' }).waitFor();
    const passed = await eventually(
      () => get(ingress),
      ({ code }) => code === 200,
    );
    expect(passed.code).toBe(200);

    await cell.click();
    await dialog.getByRole('button', { name: 'Remove the rule' }).click();
    await page.getByRole('button', { name: 'web to payments: allowed by the default' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('an entry that is wrong shows its line and is not written; a right one is compared, and changes the mesh', async () => {
    await using opened = await open('#/config/service-defaults/payments');
    const { page, problems } = opened;
    const text = page.getByRole('textbox', { name: 'service-defaults/payments as HCL' });
    const review = page.getByRole('button', { name: 'Review changes' });
    const before = await text.inputValue();
    await text.fill(`${before}MaxInboundConections = 7\n`);
    await page.getByText('invalid config key "MaxInboundConections"').waitFor();
    await page.getByText('did you mean "MaxInboundConnections"?').waitFor();
    expect(await page.locator('.config-gutter .bad').allTextContents()).toEqual([String(before.split('\n').length)]);
    expect(await review.isDisabled()).toBe(true);

    // Whoever goes away from it is asked.
    const link = page.getByRole('link', { name: 'Services', exact: true });
    const question = page.getByRole('dialog', { name: 'Leave without writing?' });
    await link.click();
    await question.getByRole('button', { name: 'Stay' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await text.inputValue()).toContain('MaxInboundConections');
    await link.click();
    await question.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Services', exact: true }).waitFor();
    await show(page, '#/config/service-defaults/payments');
    expect(await text.inputValue()).toBe(before);

    await text.fill(`${before}MaxInboundConnections = 7\n`);
    await review.click();
    const dialog = page.getByRole('dialog', { name: 'Change service-defaults/payments' });
    await dialog.getByText('added: MaxInboundConnections = 7').waitFor();
    // Meanwhile somebody else writes.
    const other = { ...(await entry('service-defaults/payments')), LocalConnectTimeoutMs: 900 };
    await fetch(`${api}/v1/config`, { method: 'PUT', body: JSON.stringify(other) });
    await dialog.getByRole('button', { name: 'Write' }).click();
    await dialog.getByText('Somebody else has changed this entry just now').waitFor();
    await dialog.getByText(/removed: LocalConnectTimeoutMs/).waitFor();
    expect(await entry('service-defaults/payments')).toMatchObject({ LocalConnectTimeoutMs: 900 });
    await dialog.getByRole('button', { name: 'Write' }).click();
    await page.getByText('service-defaults/payments is written').waitFor();
    const written = await entry('service-defaults/payments');
    expect([written['MaxInboundConnections'], written['LocalConnectTimeoutMs']]).toEqual([7, undefined]);
    await page.getByText('As it is in the mesh.').waitFor();
    expect(problems).toEqual([]);
  });

  it('a new entry begins as its template, and goes after a question', async () => {
    await using opened = await open('#/config');
    const { page, problems } = opened;
    await page.getByRole('combobox', { name: 'New entry of a kind' }).selectOption('service-intentions');
    await page.getByText('A new entry.').waitFor();
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Write' }).click();
    await page.getByRole('heading', { name: 'service-intentions/payments' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('service-intentions/payments is deleted').waitFor();
    await page.getByRole('heading', { name: 'Config entries', exact: true }).waitFor();
    expect((await fetch(`${api}/v1/config/service-intentions/payments`)).status).toBe(404);
    expect(problems).toEqual([]);
  });

  it('a key is made, edited and deleted, and nothing of others is lost', async () => {
    await using opened = await open('#/kv');
    const { page, problems } = opened;
    const stored = async () => (await fetch(`${api}/v1/kv/app/name?raw`)).text();
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Key', { exact: true }).fill('app/name');
    await page.getByLabel('Value').fill('one');
    await page.getByRole('button', { name: 'Create' }).click();
    const value = page.getByLabel('Value');
    await page.getByText('3 bytes').waitFor();
    await value.fill('two\n');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('4 bytes').waitFor();
    expect(await stored()).toBe('two\n');

    await value.fill('mine');
    await fetch(`${api}/v1/kv/app/name`, { method: 'PUT', body: 'theirs' });
    await page.getByText('Somebody else has changed it since you began.').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Take theirs' }).click();
    expect(await value.inputValue()).toBe('theirs');

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There is nothing here any more').waitFor();
    // The browser says so of the answer that there is nothing.
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  });

  it('has no barriers, in both themes and on a small screen', async () => {
    await fetch(`${api}/v1/kv/app/bytes`, { method: 'PUT', body: Buffer.from([0, 255]) });
    const ready: Record<string, string> = {
      '#/intentions': '.intentions-grid',
      '#/config': '.config-names',
      '#/config/service-defaults/payments': '.config-diagnostics .badge',
      '#/findings': 'main h1',
      '#/blueprints': '.blueprints-about',
      '#/kv?prefix=app/': '.kv-list',
      '#/kv?key=app/bytes': '.kv-bytes',
      '#/nodes': 'table',
      '#/nodes/payments': 'table',
      '#/certificates': '.certificates-bar',
    };
    // What differs in dark are colours.
    for (const { rules, ...options } of [{ dark: false }, { dark: true, width: 390, rules: ['color-contrast'] }]) {
      await using opened = await open('#/services', options);
      for (const [address, selector] of Object.entries(ready).filter(([one]) => !options.dark || COLOURFUL.includes(one))) {
        await show(opened.page, address);
        await opened.page.locator(selector).first().waitFor();
        expect(await opened.barriers(rules), address).toEqual([]);
        expect(await opened.page.evaluate('document.documentElement.scrollWidth <= innerWidth'), address).toBe(true);
      }
      expect(opened.problems).toEqual([]);
    }
  }, 60_000);

  it('a blueprint beside the applied one is planned, run and destroyed; the last one takes the mesh with it', async () => {
    await using opened = await open('#/blueprints');
    const { page, problems } = opened;
    await page.getByRole('button', { name: 'Plan and run extra' }).click();
    const run = page.getByRole('dialog', { name: 'Run extra' });
    await run.getByText('1 to create').waitFor();
    await run.getByRole('button', { name: 'Run', exact: true }).click();
    await run.getByText('extra is ready.').waitFor();
    await run.getByRole('log', { name: 'Progress' }).getByText('network.extra').waitFor();
    await run.getByText('Close', { exact: true }).click();
    expect((await mesh.status()).blueprints.map(({ name }) => name).toSorted()).toEqual(['extra', 'v2']);
    await page.getByRole('button', { name: 'Destroy extra' }).click();
    const destroy = page.getByRole('dialog', { name: 'Destroy extra?' });
    expect(await destroy.getByText('It is the last one').count()).toBe(0);
    await destroy.getByRole('button', { name: 'Destroy' }).click();
    await page.getByText('extra is gone').waitFor();
    expect((await mesh.status()).blueprints.map(({ name }) => name)).toEqual(['v2']);
    expect(problems).toEqual([]);

    await page.getByRole('button', { name: 'Destroy extra' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Destroy v2' }).click();
    const last = page.getByRole('dialog', { name: 'Destroy v2?' });
    await last.getByText('It is the last one').waitFor();
    await last.getByRole('button', { name: 'Destroy' }).click();
    await page.getByRole('heading', { name: 'The mesh is gone' }).waitFor();
    const left = await eventually(
      () => mesh.processes(),
      (processes) => processes.length === 0,
    );
    expect(left).toEqual([]);
  }, 60_000);
});
