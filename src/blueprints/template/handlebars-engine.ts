import Handlebars from 'handlebars';
import type { Json } from '../../schema/located.ts';

/** Handlebars as raymond is it, in which Jumppad's templates are written, with Jumppad's helpers. */
export const engine = Handlebars.create();
// It would print to the terminal of whoever reads the blueprint.
engine.unregisterHelper('log');

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', "'": '&apos;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

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
