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
Handlebars.Utils.escapeExpression = (value: Json | Handlebars.SafeString | undefined): string =>
  value instanceof Handlebars.SafeString ? value.toString() : text(value).replace(/[&'<>"]/g, (character) => ESCAPED[character]!);
engine.registerHelper('quote', (value: Json | undefined) => new Handlebars.SafeString(`"${text(value)}"`));
engine.registerHelper('trim', (value: Json | undefined) => text(value).trim());

/** Of a list its items with nothing between them, as raymond does it. */
function text(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(text).join('');
  return typeof value === 'object' ? '[object Object]' : String(value);
}
