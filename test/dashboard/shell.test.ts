import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from '../e2e/harness.ts';
import { CHROMIUM, NEEDS_CHROMIUM, openBrowser, openPage } from './browser.ts';

describe.skipIf(CHROMIUM === undefined)(`the dashboard ${NEEDS_CHROMIUM}`, () => {
  let mesh: Workspace;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    mesh = new Workspace();
    [browser] = await Promise.all([openBrowser(), mesh.run('v2')]);
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
    expect(problems.filter((problem) => !problem.includes('/v1/mesh/'))).toEqual([]);
  });
});
