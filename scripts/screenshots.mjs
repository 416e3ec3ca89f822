// Takes pictures of every page of the dashboard, for looking at: `npm run screenshots -- FOLDER [PATTERN]`. It starts a mesh of its own
// (v5, and the gateways and the external service of `screenshots/`), with traffic, errors and a caller that is denied, and opens each
// page in both themes, wide and narrow. `--readme` makes the pictures of the README instead, with v5 alone.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { writeBlueprint, writeDatacenter } from './screenshots/blueprint.mjs';

const isForReadme = process.argv.includes('--readme');
const [folder, pattern = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (folder === undefined) {
  process.stderr.write('Which folder do the pictures go to? npm run screenshots -- FOLDER [PATTERN] [--readme]\n');
  process.exit(2);
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const paths = NAMES.flatMap((name) => process.env.PATH.split(delimiter).map((place) => join(place, name)));
const executablePath = [process.env.CHROME_PATH ?? '', ...paths].find((path) => path !== '' && existsSync(path));
if (executablePath === undefined) {
  process.stderr.write('No Chromium: set CHROME_PATH, or install one.\n');
  process.exit(4);
}

const program = resolve(import.meta.dirname, '../bin/mesh.js');
const home = mkdtempSync(join(tmpdir(), 'mesh-pictures-'));
const files = mkdtempSync(join(tmpdir(), 'mesh-pictures-files-'));
const env = { ...process.env, MESH_HOME: home, NO_COLOR: '1' };
delete env.CONSUL_HTTP_ADDR;

/** Runs the command line; its standard output. */
function mesh(...args) {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [program, ...args], { env, cwd: files, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('close', (code) => (code === 0 ? done(text) : failed(new Error(`mesh ${args.join(' ')}: ${code}\n${errors}${text}`))));
  });
}

const PAGES = {
  topology: '#/topology',
  services: '#/services',
  service: '#/services/payments',
  'service-web': '#/services/web',
  'service-long': '#/services/inventory-reconciliation-worker',
  routing: '#/services/payments?tab=routing',
  requests: '#/services/payments?tab=requests',
  'service-intentions': '#/services/payments?tab=intentions',
  logs: '#/services/payments?tab=logs',
  explain: '#/services/payments?tab=explain',
  intentions: '#/intentions',
  config: '#/config',
  entry: '#/config/service-router/payments',
  findings: '#/findings',
  blueprints: '#/blueprints',
  kv: '#/kv',
  key: '#/kv/shop/banner',
  nodes: '#/nodes',
  certificates: '#/certificates',
  nowhere: '#/nowhere',
};
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

/** An external service, for the terminating gateway. */
const billing = createServer((_request, response) => response.end('billed\n'));

/** Calls again and again until it is stopped. */
function calling(url, everyMs, options = {}) {
  const timer = setInterval(
    () =>
      void fetch(url, options).then(
        (response) => response.text(),
        () => undefined,
      ),
    everyMs,
  );
  return () => clearInterval(timer);
}

async function startMesh() {
  await mesh('run', 'v5', '--ports', 'auto', '--http-port', '0', '--json');
  if (!isForReadme) await new Promise((listening) => billing.listen(0, '127.0.0.1', listening));
  writeBlueprint(join(files, 'shop'), { isForReadme, billingPort: billing.address()?.port });
  writeFileSync(join(files, 'web.hcl'), 'Kind = "service-defaults"\nName = "web"\nProtocol = "http"\n');
  await mesh('config', 'write', 'web.hcl');
  await mesh('run', 'shop', '--ports', 'auto', '--json');
  await mesh('intention', 'create', '-deny', 'reports', 'payments');
  // Last: the API then speaks for that one.
  if (!isForReadme) {
    writeDatacenter(join(files, 'far'));
    await mesh('run', 'far', '--ports', 'auto', '--json');
  }
  return JSON.parse(await mesh('status', '--json'));
}

async function picture(browser, url, name, place, size, dark) {
  const scale = isForReadme ? 1.25 : 1;
  const context = await browser.newContext({
    viewport: size,
    deviceScaleFactor: scale,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && process.stderr.write(`${name}: ${message.text()}\n`));
  page.on('pageerror', (error) => process.stderr.write(`${name}: ${error.message}\n`));
  await page.goto(url);
  await page.evaluate((hash) => (location.hash = hash), place);
  // Rates are of the last seconds: they are there after some.
  await page.waitForTimeout(/dashboard|topology|service|requests/.test(name) ? 6000 : 1800);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
}

mkdirSync(folder, { recursive: true });
const stops = [];
let browser;
try {
  const status = await startMesh();
  const { url } = JSON.parse(await mesh('ui', '--json'));
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  for (const { url: ingress } of status.ingresses) {
    stops.push(calling(ingress, 120), calling(`${ingress}/currency`, 200, { headers: { 'X-Group': 'dev' } }));
  }
  await mesh('kv', 'put', 'shop/banner', '{"text":"Summer sale"}');
  await mesh('kv', 'put', 'shop/limits/per-minute', '60');
  const themes = { light: false, dark: true };
  const all = Object.entries(PAGES).flatMap(([name, place]) =>
    Object.entries(SIZES).flatMap(([width, size]) =>
      Object.entries(themes).map(([theme, dark]) => [`${name}-${width}-${theme}`, place, size, dark]),
    ),
  );
  const ofReadme = Object.entries(themes).map(([theme, dark]) => [
    `dashboard-${theme}`,
    PAGES.topology,
    { width: 1280, height: 720 },
    dark,
  ]);
  const waiting = isForReadme ? ofReadme : all.filter(([name]) => name.includes(pattern));
  // Four at once: each waits for most of its time.
  const next = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) await picture(browser, url, ...one);
  };
  await Promise.all([next(), next(), next(), next()]);
} finally {
  for (const stop of stops) stop();
  await browser?.close();
  billing.close();
  await mesh('purge', '-y').catch((error) => process.stderr.write(`${error.message}\n`));
  rmSync(files, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}
