import { renderBriefly } from '../../base/diagnostic.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import { checkSite } from '../../docs/check-site.ts';
import { findPage, readPage, type SiteSettings } from '../../docs/site.ts';
import { readSiteFiles } from './folder.ts';

/** Logs what does not work on the pages of a folder, each time what is new since the last. */
export class Problems {
  readonly #folder: string;
  readonly #settings: SiteSettings;
  readonly #log: Log;
  #known: ReadonlySet<string> = new Set();

  constructor(folder: string, settings: SiteSettings, log: Log) {
    this.#folder = folder;
    this.#settings = settings;
    this.#log = log;
  }

  async look(): Promise<void> {
    const found = await this.#find();
    for (const problem of found) if (!this.#known.has(problem)) this.#log.log('warn', problem);
    this.#known = new Set(found);
  }

  async #find(): Promise<string[]> {
    try {
      const files = await readSiteFiles(this.#folder);
      const pages = Array.from(files.pages, ([path, text]) => readPage(path, text));
      const missing = this.#settings.pages.filter((wanted) => !findPage(pages, wanted));
      return [
        ...missing.map((wanted) => `there is no page ${JSON.stringify(wanted)}, which index_pages lists`),
        ...checkSite(files, (path) => path).map((diagnostic) => renderBriefly(diagnostic)),
      ];
    } catch (error) {
      return [`the pages can not be read: ${messageOf(error)}`];
    }
  }
}
