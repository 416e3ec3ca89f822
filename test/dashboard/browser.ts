import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const CANDIDATES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ON_MACOS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** A browser of this machine: `CHROME_PATH`, or one that is installed. Undefined: tests in it are skipped. */
export const CHROMIUM: string | undefined = [
  process.env['CHROME_PATH'] ?? '',
  ...CANDIDATES.flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))),
  ...ON_MACOS,
].find((path) => path !== '' && isProgram(path));

/** For the title of what is skipped without it. */
export const NEEDS_CHROMIUM = '(needs Chromium: CHROME_PATH, or chromium on the PATH)';

/** As root its own sandbox can't be made; what is opened here is ours. */
export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--disable-gpu'] });

export interface PageOptions {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  /**
   * What no page of ours may have: errors of scripts and on the console, requests that failed (but for those that it gave up), and
   * requests to any other host.
   */
  readonly problems: readonly string[];
  /** What axe finds that is serious or critical, as it is drawn now: `color-contrast: .badge (…)`; by all of its rules, or by some. */
  readonly barriers: (rules?: readonly string[]) => Promise<string[]>;
}

/** A page of its own, with a storage of its own, in a browser. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<OpenedPage> {
  const { dark = false, width = 1280, height = 800 } = options;
  // Without movements nothing is looked at half-way.
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const { host } = new URL(url);
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') problems.push(`failed: ${request.method()} ${request.url()} ${why}`);
  });
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (target.protocol !== 'data:' && target.host !== host) problems.push(`elsewhere: ${request.url()}`);
  });
  await page.goto(url);
  return {
    page,
    problems,
    barriers: (rules) => barriersIn(page, rules),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
  }[];
}

/** The debugger runs axe in the page: the policy of the page lets nothing else in. */
async function barriersIn(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeSource);
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) });
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')} ${failureSummary}`));
}
