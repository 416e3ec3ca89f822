import type { Source } from '../../base/source.ts';
import { any, type Decoded, map, object, optional, required, string } from '../../schema/schema.ts';
import { removeIfOurs } from '../made-file.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

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

export const template = resourceType<Decoded<typeof schema>, TemplateSpec, undefined>({
  type: 'template',
  schema,
  doc: "A file made from a template in the language of Go's text/template, between `#{{` and `}}`. Rendered when the blueprint is read, so that other resources may read the file. Beside Go's functions there are `file`, `quote` and `trim`; `define` and `template` are not supported. The file is removed with the resource, unless it was changed since.",
  makesFiles: true,

  async lower(config, context) {
    const path = context.resolvePath(config.destination);
    const text = config.vars === undefined ? config.source : await render(config.source, config.vars, context);
    context.provide(path, text);
    return { path, text: text ?? '' };
  },

  async create(_key, { path, text }, _reserved, context, { adopt }) {
    if (!adopt) await context.files.write(path, text, 0o644);
  },

  guards: () => [],

  destroy: (_key, { path, text }, _reserved, context) => removeIfOurs(path, text, context.files),
});

async function render(text: string, vars: NonNullable<Decoded<typeof schema>['vars']>, context: LowerContext): Promise<string | undefined> {
  const { placeInBlueprint } = await import('../template/place.ts');
  const { renderTemplate } = await import('../template/render.ts');
  const attribute = context.at('source');
  const source: Source = { name: `source of template.${context.name}`, text };
  const rendered = await renderTemplate(source, {
    data: { Vars: vars },
    file: async (path, range) => (await context.read(context.resolvePath(path), placeInBlueprint(range, attribute)))?.text,
  });
  for (const { subject, ...diagnostic } of rendered.diagnostics)
    context.report({ ...diagnostic, ...(subject ? { subject: placeInBlueprint(subject, attribute) } : {}) });
  return rendered.text;
}
