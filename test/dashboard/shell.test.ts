import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, Workspace } from '../e2e/harness.ts';
import { CHROMIUM, NEEDS_CHROMIUM, openBrowser, openPage } from './browser.ts';

const PLACES = [
  ['#/topology', 'Topology'],
  ['#/services', 'Services'],
  ['#/services/web', 'web'],
  ['#/services/payments?tab=routing', 'payments'],
  ['#/services/payments?tab=requests', 'payments'],
  ['#/services/payments?tab=logs', 'payments'],
  ['#/services/payments?tab=explain', 'payments'],
  ['#/nowhere', 'There is no such page'],
] as const;

/** Does the same again and again until it is disposed of. */
function repeat(work: () => Promise<unknown>): AsyncDisposable {
  let stopped = false;
  const done = (async () => {
    while (!stopped) await work();
  })();
  return {
    [Symbol.asyncDispose]: () => {
      stopped = true;
      return done;
    },
  };
}

describe.skipIf(CHROMIUM === undefined)(`the dashboard ${NEEDS_CHROMIUM}`, () => {
  let mesh: Workspace;
  let browser: Browser;
  let url: string;
  let ingress: string;
  beforeAll(async () => {
    mesh = new Workspace();
    [browser, ingress] = await Promise.all([openBrowser(), mesh.run('v2')]);
    const printed = await mesh.mesh('ui', '--json');
    url = (JSON.parse(printed.stdout) as { url: string }).url;
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await mesh[Symbol.asyncDispose]();
  });

  it('is opened with a token, which stays in the tab and leaves the address', async () => {
    const file = join(mesh.home, 'run/ui-token');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ui\/#token=[0-9a-f]{64}$/);
    expect(url.endsWith(readFileSync(file, 'utf8').trim())).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await using opened = await openPage(browser, url);
    await opened.page.getByRole('heading', { name: 'Topology', exact: true }).waitFor();
    expect(opened.page.url()).toBe(url.replace(/#.*/, ''));
    expect(await opened.page.getByText('Read only').count()).toBe(0);
    await opened.page.reload();
    await opened.page.getByRole('heading', { name: 'Topology', exact: true }).waitFor();
    expect(await opened.page.getByText('Read only').count()).toBe(0);
    await using other = await openPage(browser, opened.page.url());
    await other.page.getByText('Read only').waitFor();
  });

  it('is used with keys alone', async () => {
    await using opened = await openPage(browser, url);
    const { page, problems } = opened;
    const focused = () => page.evaluate<string>('document.activeElement.id || document.activeElement.textContent');
    await page.getByRole('heading', { name: 'Topology', exact: true }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('main');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Services', exact: true }).waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    expect(problems).toEqual([]);
  });

  it('shows the mesh, with numbers that move with the traffic and a line that turns red when it is denied', async () => {
    await using opened = await openPage(browser, url);
    const { page, problems } = opened;
    const line = page.getByRole('button', { name: /^web to payments: / });
    await page.getByRole('button', { name: 'web to payments: idle, mutual TLS' }).waitFor();
    await page.getByRole('link', { name: /^web http .*, 1 of 1 instances passing$/ }).waitFor();
    const widthNow = () => page.evaluate<number>('document.querySelector(".drawing").getBoundingClientRect().width');
    const before = await widthNow();
    await page.keyboard.press('+');
    await expect.poll(widthNow).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(widthNow).toBeLessThanOrEqual(before);
    await using traffic = repeat(() => get(ingress).catch(() => undefined));
    await page.getByRole('button', { name: /^web to payments: [\d.]+ conn\/s · 100 %, mutual TLS/ }).waitFor();
    await line.focus();
    await page.getByText(/^spiffe:.*svc\/payments$/).waitFor();

    expect(await mesh.mesh('intention', 'create', '-deny', 'web', 'payments')).toMatchObject({ code: 0 });
    await page.getByRole('button', { name: 'web to payments: denied by intention, mutual TLS' }).waitFor();
    await page
      .getByText(/^Denied .*ago|^Denied now/)
      .first()
      .waitFor();
    await traffic[Symbol.asyncDispose]();
    expect(await mesh.mesh('intention', 'delete', 'web', 'payments')).toMatchObject({ code: 0 });
    await page.getByRole('link', { name: /^payments tcp/ }).click();
    await page.getByRole('heading', { name: 'payments' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('shows what the programs of a service write, and what would become of a request to it', async () => {
    await using opened = await openPage(browser, `${url.replace(/#.*/, '')}#/services/payments?tab=logs`);
    const { page, problems } = opened;
    await page.getByRole('region', { name: 'Logs of payments' }).getByText('Started service').first().waitFor();
    await page.getByRole('tab', { name: 'Explain' }).click();
    // It reads only, which a page without the token may do.
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page.getByRole('region', { name: 'What would become of it' }).getByText('passes', { exact: true }).waitFor();
    expect(problems).toEqual([]);
  });

  // What differs in dark are colours; what differs on a small screen is looked at in it.
  it.each([
    ['light', 1280, undefined],
    ['dark', 390, ['color-contrast']],
  ] as const)('shuts nobody out: %s, %d wide', async (theme, width, rules) => {
    await using opened = await openPage(browser, url, { dark: theme === 'dark', width });
    const { page, problems, barriers } = opened;
    for (const [place, heading] of PLACES) {
      await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      expect(await barriers(rules), place).toEqual([]);
      // Nothing is wider than the window, but for what scrolls by itself.
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), place).toBeLessThanOrEqual(0);
    }
    expect(problems).toEqual([]);
  });
});
