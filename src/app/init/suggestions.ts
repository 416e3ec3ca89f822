import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** How a program of this folder seems to be started; its port is not known. */
export interface Suggestion {
  readonly name: string;
  readonly command: string;
  /** `package.json`, `Procfile` */
  readonly from: string;
}

/** What the files of a folder say of its programs: a Procfile's lines, or the script with which a package starts. */
export async function suggestionsIn(folder: string): Promise<Suggestion[]> {
  const [procfile, manifest] = await Promise.all([textOf(join(folder, 'Procfile')), textOf(join(folder, 'package.json'))]);
  const lines = procfile.split('\n').flatMap((line) => {
    const [, name, command] = /^([A-Za-z0-9_-]+):\s*(\S.*)$/.exec(line) ?? [];
    return name === undefined || command === undefined ? [] : [{ name, command: command.trim(), from: 'Procfile' }];
  });
  if (lines.length > 0) return lines;
  return ofPackage(manifest, basename(folder));
}

function ofPackage(text: string, folder: string): Suggestion[] {
  try {
    const { name, scripts } = JSON.parse(text) as { name?: unknown; scripts?: Readonly<Record<string, unknown>> };
    const script = ['start', 'dev'].find((one) => typeof scripts?.[one] === 'string');
    if (script === undefined) return [];
    const own = typeof name === 'string' ? name.replace(/^.*\//, '') : folder;
    return [{ name: own.replace(/[^A-Za-z0-9_-]/g, '-'), command: `npm run ${script}`, from: 'package.json' }];
  } catch {
    // Absent, or not a package.
    return [];
  }
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
