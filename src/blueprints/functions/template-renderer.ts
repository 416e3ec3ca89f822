import type { World } from './world.ts';

let renderer: World['render'] | undefined;

/**
 * Loads Handlebars if a text may call `template_file`. Expressions are computed in one go, so this comes before that; it is
 * large, so nobody else pays for it.
 */
export async function prepareTemplates(text: string): Promise<void> {
  if (!renderer && text.includes('template_file')) renderer = (await import('../template/handlebars.ts')).renderHandlebars;
}

/** With what `prepareTemplates` loaded; there is nothing in a text that was not shown to it. */
export const renderTemplate: World['render'] = (template, variables) =>
  renderer?.(template, variables) ?? { ok: false, error: 'templates are filled in only in files of a blueprint' };
