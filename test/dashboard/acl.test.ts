import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../../src/app/agent/dashboard.ts';
import { type AclApi, openAclApi } from '../control/acl/acl-api.ts';
import { webAndPayments } from '../control/harness.ts';
import { CHROMIUM, NEEDS_CHROMIUM, openBrowser, openPage } from './browser.ts';

const TOKEN = 'f'.repeat(64);

describe.skipIf(CHROMIUM === undefined)(`the dashboard where ACLs are on ${NEEDS_CHROMIUM}`, () => {
  let api: AclApi;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    const dashboard = { token: TOKEN, file: filesIn(join(import.meta.dirname, '../../dist/ui')) };
    [browser, api] = await Promise.all([openBrowser(), openAclApi({ dashboard })]);
    await api.plane.commit(webAndPayments);
    url = `http://${api.address}/ui/#token=${TOKEN}`;
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await api[Symbol.asyncDispose]();
  });

  it('says that something is kept back, and shows what its token may see', async () => {
    await using opened = await openPage(browser, url);
    const { page } = opened;
    await page.getByText('The agent has ACLs, and this page has no token.').waitFor();
    await page.getByRole('heading', { name: 'No services yet' }).waitFor();
    await page.getByRole('button', { name: 'Give a token' }).click();
    await page.getByLabel('SecretID').fill(await api.tokenWith('service "web" { policy = "read" } node_prefix "" { policy = "read" }'));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /^web / }).waitFor();
    expect(await page.getByRole('link', { name: /^payments / }).count()).toBe(0);
    expect(await page.evaluate('JSON.stringify(localStorage) + document.cookie')).not.toContain('-');
    expect(page.url()).not.toContain('token');
  });

  it('says when nobody answers any more, and keeps what it has', async () => {
    await using own = await openAclApi({ dashboard: { token: TOKEN, file: filesIn(join(import.meta.dirname, '../../dist/ui')) } });
    await using opened = await openPage(browser, `http://${own.address}/ui/`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'Topology', exact: true }).waitFor();
    await own[Symbol.asyncDispose]();
    await page.getByText('The agent does not answer.', { exact: true }).first().waitFor();
    expect(await page.getByRole('heading', { name: 'Topology', exact: true }).count()).toBe(1);
  });
});
