import { useRef } from 'preact/hooks';
import type { DiagnosticJson } from '../../../base/diagnostic.ts';

/** A text with numbers beside its lines, of which those that something is wrong with are marked. */
export function TextEditor({ text, label, readOnly, marks, onChange }: TextEditorProps) {
  const gutter = useRef<HTMLPreElement>(null);
  const shade = useRef<HTMLPreElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = text.split('\n');
  const follow = (): void => {
    const { scrollTop = 0, scrollLeft = 0 } = area.current ?? {};
    if (gutter.current) gutter.current.scrollTop = scrollTop;
    if (shade.current) Object.assign(shade.current, { scrollTop, scrollLeft });
  };
  return (
    <div class="config-editor">
      <pre class="config-gutter" aria-hidden="true" ref={gutter}>
        {lines.map((_, i) => (
          <div key={i} class={worst(marks, i + 1)}>
            {i + 1}
          </div>
        ))}
        <div> </div>
      </pre>
      <div class="config-text">
        <pre class="config-shade" aria-hidden="true" ref={shade}>
          {lines.map((line, i) => (
            <div key={i}>{marked(line, i + 1, marks)}</div>
          ))}
          <div> </div>
        </pre>
        <textarea
          ref={area}
          aria-label={label}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          wrap="off"
          readOnly={readOnly}
          rows={Math.min(34, Math.max(14, lines.length + 1))}
          value={text}
          onScroll={follow}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </div>
    </div>
  );
}

interface TextEditorProps {
  readonly text: string;
  readonly label: string;
  readonly readOnly: boolean;
  readonly marks: readonly DiagnosticJson[];
  readonly onChange: (text: string) => void;
}

function worst(marks: readonly DiagnosticJson[], line: number): string {
  const here = marks.filter((mark) => mark.line === line);
  return here.some(({ severity }) => severity === 'error') ? 'bad' : here.length > 0 ? 'warn' : '';
}

/** The characters that a diagnostic is about, in a line that nobody sees but for what is under it. Columns count code points. */
function marked(line: string, number: number, marks: readonly DiagnosticJson[]) {
  const mark = marks.find((one) => one.line === number);
  if (!mark) return line === '' ? ' ' : line;
  const characters = Array.from(line);
  const start = (mark.column ?? 1) - 1;
  const end = mark.endLine === number ? Math.max(start + 1, (mark.endColumn ?? start + 2) - 1) : characters.length;
  return (
    <>
      {characters.slice(0, start).join('')}
      <span class={`config-mark ${mark.severity}`}>{characters.slice(start, end).join('') || ' '}</span>
      {characters.slice(end).join('')}
    </>
  );
}
