import { join } from 'node:path';
import { type Diagnostic, hasErrors, warningAt } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import { bodyToLocated, parseHcl2 } from '../hcl/hcl2/index.ts';
import { decode } from '../schema/decode.ts';
import type { Located } from '../schema/located.ts';
import { type Decoded, duration, list, object, optional, string } from '../schema/schema.ts';
import { environmentBlocks } from './environment.ts';
import { blueprintFunctions } from './functions/index.ts';
import type { LoadOptions } from './loaded.ts';
import { shownPath } from './paths.ts';

/** What a blueprint says of itself: in a file `*.yard`, or else in the front matter of its README.md (Shipyard). */
export interface BlueprintMetadata {
  readonly title?: string;
  readonly author?: string;
  readonly slug?: string;
  /** Markdown. */
  readonly intro?: string;
  /** Pages to open once it runs. */
  readonly browserWindows?: readonly string[];
  /** Blueprints that it builds on, as written: each is found as `baseOf` in `builds-on.ts` says. */
  readonly buildsOn?: readonly string[];
  /** For the user's shell (`mesh env`). Values may name variables of that shell: `${HOME}/x`. */
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

const COMMON = {
  title: optional(string(), 'What `mesh run` shows once it runs.'),
  author: optional(string(), 'Who wrote it.'),
  slug: optional(string(), 'Short name. Accepted.'),
  health_check_timeout: optional(duration(), 'Accepted; pages are opened when everything is ready.'),
  shipyard_version: optional(string(), 'Accepted; there is one version of this program.'),
  builds_on: optional(list(string()), 'Blueprints that it builds on: see below.'),
};

export const FRONT_MATTER = object({
  ...COMMON,
  browser_windows: optional(string(), 'Pages to open, separated by commas.'),
  env: optional(list(string()), 'Variables for `mesh env`: "NAME=value".'),
});

const YARD = object({
  ...COMMON,
  intro: optional(string(), 'Markdown.'),
  browser_windows: optional(list(string()), 'Pages to open.'),
  env: optional(environmentBlocks, 'Variables for `mesh env`, one block each.'),
});

type Report = (...found: Diagnostic[]) => void;

/**
 * Reads what a folder says of its blueprint. It is there for people: what is wrong with it is a warning, and the blueprint
 * runs without it.
 */
export async function readMetadata(folder: string, options: LoadOptions, report: Report): Promise<BlueprintMetadata | undefined> {
  const { files, cwd } = options;
  const names = (await files.list(folder)) ?? [];
  const file = names.find((name) => name.endsWith('.yard')) ?? names.find((name) => name === 'README.md');
  if (file === undefined) return undefined;
  const path = join(folder, file);
  const text = await files.read(path).catch(() => undefined);
  if (text === undefined) return undefined;
  const source: Source = { name: shownPath(path, cwd), text };
  const warn: Report = (...found) => report(...found.map((diagnostic): Diagnostic => ({ ...diagnostic, severity: 'warning' })));
  const metadata = file.endsWith('.yard') ? ofYard(source, path, options, warn) : await ofReadme(source, warn);
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}

function ofYard(source: Source, path: string, options: LoadOptions, warn: Report): BlueprintMetadata {
  const { body, diagnostics: syntax } = parseHcl2(source);
  const { value, diagnostics } = bodyToLocated(body, { variables: new Map(), functions: blueprintFunctions(path, options) });
  const decoded = decode(value, YARD, { subject: source.name, incomplete: true });
  warn(...syntax, ...diagnostics, ...decoded.diagnostics);
  if (decoded.diagnostics.length > 0) return {};
  const { browser_windows: pages, env, intro, ...rest } = decoded.value;
  const variables = (env ?? []).map(({ key, value: text }) => ({ name: key, value: text }));
  return { ...about(rest), ...pick('intro', intro), ...pick('browserWindows', pages), ...(variables.length > 0 ? { env: variables } : {}) };
}

async function ofReadme(source: Source, warn: Report): Promise<BlueprintMetadata> {
  const [, matter, body = source.text] = /^(---\r?\n[\s\S]*?\n)---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(source.text) ?? [];
  const heading = /^# (.+)$/m.exec(body)?.[1];
  // The heading says the same as a title.
  const intro = body.replace(/^\s*# .+\n?/, '').trim();
  const fallback = { ...pick('title', heading), ...(intro === '' ? {} : { intro }) };
  if (matter === undefined) return fallback;
  const front = await frontMatter({ ...source, text: matter }, warn);
  if (!front) return fallback;
  const { browser_windows: pages, env, ...rest } = front.value;
  const windows = pages
    ?.split(',')
    .map((page) => page.trim())
    .filter((page) => page !== '');
  const variables = (env ?? []).flatMap((entry, i) => {
    const at = entry.indexOf('=');
    if (at > 0) return [{ name: entry.slice(0, at), value: entry.slice(at + 1) }];
    warn(warningAt(front.placeOfEnv(i), `${JSON.stringify(entry)} is not a variable`, { detail: 'write it as: "NAME=value"' }));
    return [];
  });
  return { ...fallback, ...about(rest), ...pick('browserWindows', windows), ...(variables.length > 0 ? { env: variables } : {}) };
}

async function frontMatter(source: Source, warn: Report) {
  // Only here: loading the YAML library takes longer than reading a blueprint.
  const { parseYaml } = await import('../kube/yaml.ts');
  const { documents, diagnostics } = parseYaml(source);
  warn(...diagnostics);
  const value = documents[0]?.value;
  if (value?.type !== 'map') return undefined;
  const decoded = decode(value, FRONT_MATTER, { subject: 'the front matter', unknownKeys: 'warning', notation: 'yaml' });
  warn(...decoded.diagnostics);
  if (hasErrors(decoded.diagnostics)) return undefined;
  const env: Located | undefined = value.entries.find(({ key }) => key === 'env')?.value;
  return { value: decoded.value, placeOfEnv: (i: number) => (env?.type === 'list' ? env.items[i]?.range : undefined) };
}

type Common = Pick<Decoded<typeof YARD>, 'title' | 'author' | 'slug' | 'builds_on'>;

function about({ title, author, slug, builds_on: bases = [] }: Common): BlueprintMetadata {
  const buildsOn = bases.length === 0 ? undefined : [...new Set(bases)];
  return { ...pick('title', title), ...pick('author', author), ...pick('slug', slug), ...pick('buildsOn', buildsOn) };
}

function pick<K extends keyof BlueprintMetadata>(
  key: K,
  value: BlueprintMetadata[K] | undefined,
): Pick<BlueprintMetadata, K> | Record<string, never> {
  return value === undefined ? {} : ({ [key]: value } as Pick<BlueprintMetadata, K>);
}
