import { characterAt, endOfLine, isAsciiLetter, isDecimal } from '../chars.ts';
import { resumeAfter } from '../resume.ts';
import type { Problem, Taken } from './token.ts';

/**
 * Reads a heredoc of HCL 1 from its `<<`, with the habits of v1.0.0: the terminator may be indented, must end with a line
 * break, and after `<<-` stands on a line at least one character longer than itself. One that is not closed ends with the
 * line of its marker, so that the lines below are still read.
 */
export function readHeredoc(text: string, start: number): Taken {
  const fail = (
    end: number,
    summary: string,
    hint: string | undefined,
    message: string,
    offset: number,
    final = false,
    shown = end,
  ): Taken => {
    const problem: Problem = { span: { start, end: shown }, summary, why: { hint }, scan: { message, offset, final } };
    return { end, value: '', problems: [problem] };
  };
  if (text[start + 1] !== '<') {
    const end = start + (/[\s]/.test(text[start + 1] ?? ' ') ? 1 : 2);
    return fail(end, "'<' starts nothing here", 'a heredoc starts with <<', "heredoc expected second '<', didn't see it", start + 1);
  }
  const dash = text[start + 2] === '-';
  const anchorAt = start + (dash ? 3 : 2);
  let at = anchorAt;
  while (isAnchorCharacter(text, at)) at += characterAt(text, at).length;
  const anchor = text.slice(anchorAt, at);
  const lineEnd = endOfLine(text, at);
  if (lineEnd === text.length && at === lineEnd) {
    return fail(at, 'this heredoc is never closed', undefined, 'heredoc not terminated', text.length, true);
  }
  if (at !== lineEnd) {
    const hint = /["' \t]/.test(text[at]!)
      ? 'write the marker right after <<, without quotes: <<EOF'
      : 'a marker is letters and digits: <<EOF';
    const end = skipBody(text, start, lineEnd) ?? Math.max(at, start + 2);
    return fail(Math.min(end, text.length), 'this is no heredoc marker', hint, 'invalid characters in heredoc anchor', at, false, lineEnd);
  }
  if (anchor === '') return fail(at, 'this heredoc has no marker', 'write <<EOF', 'zero-length heredoc anchor', at);

  const bodyAt = text.indexOf('\n', at) + 1;
  const terminator = findTerminator(text, bodyAt, anchor, dash);
  if (!terminator) {
    const { hint, end } = almostClosed(text, bodyAt, anchor, dash);
    return fail(end, 'this heredoc is never closed', hint, 'heredoc not terminated', text.length, true, at);
  }
  // The token ends before the line break, as any other; it is white space for the parser.
  const raw = text.slice(bodyAt, terminator.start).replace(/\r\n/g, '\n');
  if (raw.includes('\0')) {
    const offset = text.indexOf('\0', bodyAt);
    const scan = { message: 'heredoc not terminated', offset, final: false };
    const summary = 'a null character (U+0000) has no place in configuration';
    return { end: terminator.end, value: '', problems: [{ span: { start: offset, end: offset + 1 }, summary, why: {}, scan }] };
  }
  return { end: terminator.end, value: dash ? unindent(raw, terminator.indent) : raw + terminator.indent, problems: [] };
}

interface Terminator {
  /** Start of its line. */
  readonly start: number;
  readonly end: number;
  readonly indent: string;
}

function findTerminator(text: string, bodyAt: number, anchor: string, dash: boolean): Terminator | undefined {
  for (let start = bodyAt; ; ) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) return undefined;
    const line = text.slice(start, newline).replace(/\r+$/, '');
    if (line.endsWith(anchor)) {
      const indent = line.slice(0, line.length - anchor.length);
      // v1.0.0 counts the dash as part of the marker when it compares lengths.
      if (/^[ \t\f\v\r]*$/.test(indent) && (!dash || indent !== '')) return { start, end: start + line.length, indent };
    }
    start = newline + 1;
  }
}

/** The end of the text that a mistyped marker (`<<"EOF"`, `<< EOF`) was meant to open, so that it isn't read as configuration. */
function skipBody(text: string, start: number, lineEnd: number): number | undefined {
  const anchor = /^<<-?[ \t]*["']?(\w+)["']?[ \t]*$/.exec(text.slice(start, lineEnd))?.[1];
  const newline = text.indexOf('\n', lineEnd);
  return anchor === undefined || newline === -1 ? undefined : findTerminator(text, newline + 1, anchor, false)?.end;
}

/** `<<-` removes the terminator's own indent, and only if every line, blank ones too, has it. */
function unindent(raw: string, indent: string): string {
  const lines = raw.split('\n');
  const last = lines.pop();
  if (last === undefined || !lines.every((line) => line.startsWith(indent))) return raw;
  return lines.map((line) => `${line.slice(indent.length)}\n`).join('');
}

/** Why a terminator that is there was not taken for one, and where to go on. */
function almostClosed(text: string, bodyAt: number, anchor: string, dash: boolean): { hint: string; end: number } {
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  if (lastLine.trim() === anchor) return { hint: `put a line break after the last ${anchor}`, end: text.length };
  const unindented = dash ? findTerminator(text, bodyAt, anchor, false) : undefined;
  if (unindented) {
    return { hint: `Consul's HCL wants the ${anchor} of <<-${anchor} indented; indent it, or write <<${anchor}`, end: unindented.end };
  }
  return { hint: `put ${anchor} alone on a line of its own`, end: resumeAfter(text, bodyAt - 1) };
}

function isAnchorCharacter(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return isAsciiLetter(code) || isDecimal(code) || code === 95 || (code >= 128 && /^[\p{L}\p{Nd}]/u.test(characterAt(text, offset)));
}
