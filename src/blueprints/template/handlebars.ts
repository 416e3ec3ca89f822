import type { Result } from '../../base/result.ts';
import type { Json } from '../../schema/located.ts';
import { engine } from './handlebars-engine.ts';

export { renderHandlebarsBlock } from './handlebars-block.ts';

/**
 * Renders a Handlebars template, the language of Jumppad's templates, with its helpers `quote` and `trim`. `{{x}}` escapes
 * what raymond does (Jumppad's implementation), `{{{x}}}` nothing. The error says what is wrong, and where if it is known.
 */
export function renderHandlebars(template: string, variables: Readonly<Record<string, Json>>): Result<string, string> {
  try {
    return { ok: true, value: engine.compile(template)(variables) };
  } catch (error) {
    const [first = '', excerpt, , expected] = (error as Error).message.split('\n');
    return { ok: false, error: expected === undefined ? first : `${first} ${expected}, near ${excerpt}` };
  }
}
