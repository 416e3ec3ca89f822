import { pageOf } from '../app/reference/command-page.ts';
import { manPage } from '../app/reference/man-page.ts';
import { COMMANDS } from '../commands/table.ts';

/** For the build: text of `dist/man/mesh.1`. */
export async function manualPage(version: string): Promise<string> {
  return manPage(await Promise.all(COMMANDS.map((command) => pageOf(command))), version);
}
