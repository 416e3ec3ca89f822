import type { Range } from '../../base/source.ts';
import type { Expression, TemplateExpression, TemplatePart } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { describeToken, type Token } from './token.ts';

type ReadExpression = (cursor: Cursor) => Expression | undefined;

/** A part before directives are matched with their ends. */
type Piece =
  | { kind: 'text'; text: string; range: Range }
  | { kind: 'interpolation'; expression: Expression; range: Range }
  | { kind: 'directive'; word: string; names: string[]; expression: Expression | undefined; range: Range };

/** Reads a template from its `quote` or `heredoc` token. `readExpression` reads what stands between the braces. */
export function parseTemplate(cursor: Cursor, readExpression: ReadExpression): TemplateExpression | undefined {
  const opener = cursor.next();
  const heredoc = opener.type === 'heredoc';
  const pieces = cursor.within(false, () => readPieces(cursor, readExpression));
  if (!pieces) return undefined;
  const closer = cursor.next();
  if (heredoc && opener.value.startsWith('<<-')) unindent(pieces);
  const nesting = new Nesting(pieces, cursor);
  const parts = nesting.sequence();
  if (!parts) return undefined;
  return { kind: 'template', parts, heredoc, range: cursor.rangeOf({ start: opener.start, end: closer.end }) };
}

/** Up to the closing quote, which stays unread; undefined after an error. */
function readPieces(cursor: Cursor, readExpression: ReadExpression): Piece[] | undefined {
  const pieces: Piece[] = [];
  let stripNext = false;
  for (;;) {
    const token = cursor.peek();
    if (token.type === 'quote-end' || token.type === 'heredoc-end' || token.type === 'eof') return pieces;
    cursor.next();
    if (token.type === 'text') {
      pieces.push({ kind: 'text', text: stripNext ? token.value.trimStart() : token.value, range: cursor.rangeOf(token) });
      stripNext = false;
      continue;
    }
    if (token.strip) stripBefore(pieces);
    const end = cursor.within(true, () => {
      const piece = token.type === '${' ? interpolation(cursor, token, readExpression) : directive(cursor, token, readExpression);
      if (piece) pieces.push(piece);
      return piece ? closeSequence(cursor, token) : undefined;
    });
    if (!end) return undefined;
    stripNext = end.strip;
  }
}

function stripBefore(pieces: Piece[]): void {
  const last = pieces.at(-1);
  if (last?.kind === 'text') last.text = last.text.trimEnd();
}

function closeSequence(cursor: Cursor, opener: Token): Token | undefined {
  const end = cursor.accept('template-end');
  if (end) return end;
  return cursor.fail(cursor.peek(), `expected } after the expression, found ${describeToken(cursor.peek())}`, {
    related: { span: opener, message: `${opener.type} starts here` },
  });
}

function interpolation(cursor: Cursor, opener: Token, readExpression: ReadExpression): Piece | undefined {
  if (cursor.peek().type === 'template-end') return cursor.fail(opener, `nothing stands between ${opener.type} and }`);
  const expression = readExpression(cursor);
  return expression && { kind: 'interpolation', expression, range: expression.range };
}

const DIRECTIVES = ['if', 'else', 'endif', 'for', 'endfor'];

function directive(cursor: Cursor, opener: Token, readExpression: ReadExpression): Piece | undefined {
  const word = cursor.next();
  if (word.type !== 'ident' || !DIRECTIVES.includes(word.value)) {
    return cursor.fail(word, 'this is no template directive', {
      detail: `known: ${DIRECTIVES.join(', ')}`,
      hint: 'write %%{ for the characters %{',
    });
  }
  const names: string[] = [];
  if (word.value === 'for') {
    for (;;) {
      const name = cursor.accept('ident');
      if (!name) return cursor.fail(cursor.peek(), 'expected a name after for', { hint: 'write %{ for item in list }' });
      names.push(name.value);
      if (names.length === 2 || !cursor.accept(',')) break;
    }
    if (!cursor.acceptWord('in')) return cursor.fail(cursor.peek(), "expected 'in'", { hint: 'write %{ for item in list }' });
  }
  const expression = word.value === 'if' || word.value === 'for' ? readExpression(cursor) : undefined;
  if (!expression && (word.value === 'if' || word.value === 'for')) return undefined;
  return { kind: 'directive', word: word.value, names, expression, range: cursor.rangeOf({ start: opener.start, end: word.end }) };
}

/**
 * `<<-`: takes the least indent of all lines away from each. Blank lines don't count and stay as they are; a line that
 * starts with an interpolation has no indent.
 */
function unindent(pieces: Piece[]): void {
  let least = Number.POSITIVE_INFINITY;
  let lineStart = true;
  const adjust: (Piece & { kind: 'text' })[] = [];
  for (const piece of pieces) {
    const text = piece.kind === 'text' ? piece.text : '';
    if (lineStart) {
      const width = text.length - text.trimStart().length;
      const blank = width === text.length && text.endsWith('\n');
      if (!blank) {
        least = Math.min(least, width);
        if (piece.kind === 'text') adjust.push(piece);
      }
    }
    lineStart = text.endsWith('\n');
  }
  if (Number.isFinite(least)) for (const piece of adjust) piece.text = piece.text.slice(least);
}

/** Matches directives with their ends. Depth is bounded by the cursor. */
class Nesting {
  readonly #pieces: readonly Piece[];
  readonly #cursor: Cursor;
  #at = 0;

  constructor(pieces: readonly Piece[], cursor: Cursor) {
    this.#pieces = pieces;
    this.#cursor = cursor;
  }

  /** Parts up to the end of the template. */
  sequence(): TemplatePart[] | undefined {
    const parts = this.#until([]);
    const extra = this.#pieces[this.#at];
    if (!parts || !extra) return parts;
    const word = extra.kind === 'directive' ? extra.word : '';
    return this.#cursor.fail(extra.range, `this ${word} belongs to no ${word === 'endfor' ? 'for' : 'if'}`);
  }

  #until(ends: readonly string[]): TemplatePart[] | undefined {
    const parts: TemplatePart[] = [];
    for (let piece = this.#pieces[this.#at]; piece; piece = this.#pieces[this.#at]) {
      if (piece.kind !== 'directive') {
        parts.push(piece);
        this.#at++;
        continue;
      }
      if (ends.includes(piece.word) || !piece.expression) return parts;
      const opener = piece as Piece & { kind: 'directive' };
      this.#at++;
      const part = this.#cursor.deeper(() => (opener.word === 'if' ? this.#if(opener) : this.#for(opener)));
      if (!part) return undefined;
      parts.push(part);
    }
    return parts;
  }

  #if(opener: Piece & { kind: 'directive' }): TemplatePart | undefined {
    const whenTrue = this.#until(['else', 'endif']);
    const hasElse = whenTrue && this.#take('else');
    const whenFalse = hasElse ? this.#until(['endif']) : [];
    if (!whenTrue || !whenFalse) return undefined;
    if (!this.#take('endif')) return this.#unclosed(opener, 'endif');
    return { kind: 'if', condition: opener.expression!, whenTrue, whenFalse, range: opener.range };
  }

  #for(opener: Piece & { kind: 'directive' }): TemplatePart | undefined {
    const body = this.#until(['endfor']);
    if (!body) return undefined;
    if (!this.#take('endfor')) return this.#unclosed(opener, 'endfor');
    const valueName = opener.names.at(-1)!;
    const keyName = opener.names.length === 2 ? opener.names[0] : undefined;
    return { kind: 'for', keyName, valueName, collection: opener.expression!, body, range: opener.range };
  }

  #take(word: string): boolean {
    const piece = this.#pieces[this.#at];
    const found = piece?.kind === 'directive' && piece.word === word;
    if (found) this.#at++;
    return found;
  }

  #unclosed(opener: Piece & { kind: 'directive' }, end: string): undefined {
    return this.#cursor.fail(opener.range, `this ${opener.word} has no ${end}`, { hint: `write %{ ${end} }` });
  }
}
