import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import { any, type Decoded, map, object, optional, required, string } from '../../schema/schema.ts';
import { removeIfOurs } from '../made-file.ts';
import { type LowerContext, type ResourceType, resourceType } from '../resource-type.ts';

const schema = object({
  source: required(string(), 'The template: a heredoc, or `file("./config.tpl")`.'),
  destination: required(string(), 'File to write, relative to the blueprint.'),
  vars: optional(map(any()), 'Values of the template: `#{{ .Vars.name }}`. Without them the source is written as it is.'),
});

export interface TemplateSpec {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

const lifecycle = {
  makesFiles: true,

  async create(_key, { path, text }, _reserved, context, { adopt }) {
    if (!adopt) await context.files.write(path, text, 0o644);
  },

  guards: () => [],

  destroy: (_key, { path, text }, _reserved, context) => removeIfOurs(path, text, context.files),
} satisfies Partial<ResourceType<unknown, TemplateSpec, undefined>>;

export const template = resourceType<Decoded<typeof schema>, TemplateSpec, undefined>({
  ...lifecycle,
  type: 'template',
  schema,
  doc: "A file made from a template in the language of Go's text/template, between `#{{` and `}}`. Rendered when the blueprint is read, so that other resources may read the file. Beside Go's functions there are `file`, `quote` and `trim`; `define` and `template` are not supported. The file is removed with the resource, unless it was changed since.",
  async lower(config, context) {
    const path = context.resolvePath(config.destination);
    const text = config.vars === undefined ? config.source : await render(config.source, config.vars, context);
    context.provide(path, text);
    return { path, text: text ?? '' };
  },
});

const jumppadSchema = object({
  source: required(string(), 'The template: a heredoc, or the path of a file, relative to the blueprint.'),
  destination: required(string(), 'File to write, relative to the blueprint.'),
  variables: optional(map(any()), 'Values of the template: `{{ name }}`. Without them the source is written as it is.'),
});

/** Written as Jumppad's: the same file, in another template language. */
export const jumppadTemplate = resourceType<Decoded<typeof jumppadSchema>, TemplateSpec, undefined>({
  ...lifecycle,
  type: 'template',
  dialect: 'jumppad',
  schema: jumppadSchema,
  doc: 'A file made from a template in the language of Handlebars, between `{{` and `}}`. Rendered when the blueprint is read, so that other resources may read the file. Beside `if`, `unless`, `each`, `with` and `lookup` there are `quote` and `trim`; partials are not supported. `{{ x }}` writes `&`, `<`, `>` and quotation marks as HTML does, `{{{ x }}}` and `{{ quote x }}` write them as they are. The file is removed with the resource, unless it was changed since.',

  async lower(config, context) {
    const path = context.resolvePath(config.destination);
    const source = await sourceOf(config.source, context);
    const text = source && (config.variables === undefined ? source.text : await renderJumppad(source, config.variables, context));
    context.provide(path, text);
    return { path, text: text ?? '' };
  },
});

/** The template, and whether its text stands in the blueprint itself. */
async function sourceOf(written: string, context: LowerContext): Promise<(Source & { inBlueprint: boolean }) | undefined> {
  const inBlueprint = written === '' || /[\n{]/.test(written) || !(await context.exists(context.resolvePath(written)));
  if (inBlueprint) return { name: `source of template.${context.name}`, text: written, inBlueprint };
  const read = await context.read(context.resolvePath(written), context.at('source'));
  return read && { ...read, inBlueprint };
}

async function renderJumppad(
  { inBlueprint, ...source }: Source & { readonly inBlueprint: boolean },
  variables: NonNullable<Decoded<typeof jumppadSchema>['variables']>,
  context: LowerContext,
): Promise<string | undefined> {
  const { renderHandlebarsBlock } = await import('../template/handlebars.ts');
  const rendered = renderHandlebarsBlock(source, variables);
  await reportAll(rendered.diagnostics, inBlueprint, context);
  return rendered.text;
}

/** What is said of a template is shown where the blueprint has its text. */
async function reportAll(diagnostics: readonly Diagnostic[], inBlueprint: boolean, context: LowerContext): Promise<void> {
  if (diagnostics.length === 0) return;
  const { placeInBlueprint } = await import('../template/place.ts');
  for (const { subject, ...diagnostic } of diagnostics) {
    const place = subject && (inBlueprint ? placeInBlueprint(subject, context.at('source')) : subject);
    context.report({ ...diagnostic, ...(place ? { subject: place } : {}) });
  }
}

async function render(text: string, vars: NonNullable<Decoded<typeof schema>['vars']>, context: LowerContext): Promise<string | undefined> {
  const { placeInBlueprint } = await import('../template/place.ts');
  const { renderTemplate } = await import('../template/render.ts');
  const attribute = context.at('source');
  const source: Source = { name: `source of template.${context.name}`, text };
  const rendered = await renderTemplate(source, {
    data: { Vars: vars },
    file: async (path, range) => (await context.read(context.resolvePath(path), placeInBlueprint(range, attribute)))?.text,
  });
  await reportAll(rendered.diagnostics, true, context);
  return rendered.text;
}
