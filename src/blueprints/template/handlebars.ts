import Handlebars from 'handlebars';
import type { Result } from '../../base/result.ts';
import type { Json } from '../../schema/located.ts';

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

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', "'": '&apos;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const engine = Handlebars.create();
// That of JavaScript escapes = and ` as well, which would break shell scripts.
Handlebars.Utils.escapeExpression = (value: unknown): string =>
  value instanceof Handlebars.SafeString ? value.toString() : text(value).replace(/[&'<>"]/g, (character) => ESCAPED[character]!);
engine.registerHelper('quote', (value: unknown) => new Handlebars.SafeString(`"${text(value)}"`));
engine.registerHelper('trim', (value: unknown) => text(value).trim());

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
