/** Of all pages. Colours by their role, light and dark; no fonts or images of others. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1d2433; --soft: #5a6478; --page: #ffffff; --side: #f6f7f9; --line: #dfe3ea; --accent: #0b63ce; --code: #f3f5f8;
  --keyword: #a0268f; --string: #1a6e34; --number: #9a4a00; --comment: #667085; --name: #0b57b0;
  font: 16px/1.65 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e8f0; --soft: #9aa5b8; --page: #12161e; --side: #171c26; --line: #2a3140; --accent: #6cb0ff; --code: #1b212d;
    --keyword: #e08fd8; --string: #84d49a; --number: #f0b070; --comment: #8b96a8; --name: #86bdff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--page); }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999px; padding: 0.5rem 1rem; background: var(--page); z-index: 2; }
.skip:focus { left: 0.5rem; top: 0.5rem; }
.columns { display: grid; grid-template-columns: 17rem minmax(0, 1fr) 14rem; min-height: 100vh; }
.sidebar { background: var(--side); border-right: 1px solid var(--line); padding: 1.5rem 1rem; }
.sidebar p, .sections p { margin: 0 0 0.75rem; font-weight: 650; }
.sidebar p a { color: inherit; text-decoration: none; }
.sidebar > *, .sections > * { position: sticky; top: 1.5rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
.sidebar ul { top: 4rem; max-height: calc(100vh - 5rem); overflow-y: auto; }
.sidebar li a, .menu li a { display: block; padding: 0.3rem 0.75rem; border-radius: 6px; color: inherit; text-decoration: none; }
.sidebar li a:hover, .menu li a:hover { background: color-mix(in srgb, var(--accent) 10%, transparent); }
a[aria-current] { background: color-mix(in srgb, var(--accent) 14%, transparent); color: var(--accent) !important; font-weight: 600; }
header { display: none; }
main { padding: 2rem 3rem 4rem; max-width: 54rem; width: 100%; justify-self: center; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2em 0 0.6em; scroll-margin-top: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 2rem; margin-top: 0; } h2 { font-size: 1.45rem; } h3 { font-size: 1.15rem; }
.anchor { color: var(--soft); text-decoration: none; opacity: 0; }
:is(h1, h2, h3, h4, h5, h6):hover .anchor, .anchor:focus { opacity: 1; }
img { max-width: 100%; height: auto; }
.image::before { content: "↗ "; }
blockquote { margin: 1em 0; padding: 0.1em 1.2em; border-left: 4px solid var(--line); color: var(--soft); }
code, pre, kbd { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.9em; }
:not(pre) > code, kbd { background: var(--code); border: 1px solid var(--line); border-radius: 4px; padding: 0.1em 0.35em; overflow-wrap: anywhere; }
.code { position: relative; margin: 1em 0; }
pre { margin: 0; padding: 0.9rem 1rem; background: var(--code); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; line-height: 1.5; }
.copy { position: absolute; top: 0.45rem; right: 0.45rem; padding: 0.15rem 0.6rem; font: inherit; font-size: 0.8rem; color: var(--soft); background: var(--page); border: 1px solid var(--line); border-radius: 6px; cursor: pointer; opacity: 0; }
.code:hover .copy, .copy:focus-visible { opacity: 1; }
@media (hover: none) { .copy { opacity: 1; } }
.task { margin: 1em 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 8px; }
.task ul { list-style: none; padding: 0; }
.task .mark::before { content: '☐ '; }
.task li.passed .mark::before { content: '☑ '; }
.task li.failed .mark::before { content: '☒ '; }
.task .message { display: block; white-space: pre-wrap; }
.task .title { font-weight: 600; }
.chapter { font-weight: 600; margin: 0.75em 0 0.25em; }
.terminal { margin: 1em 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 8px; }
.terminal p { margin: 0; color: var(--soft); } .terminal .code { margin: 0.5rem 0 0; }
.table { overflow-x: auto; margin: 1em 0; }
table { border-collapse: collapse; }
th, td { padding: 0.4rem 0.8rem; border: 1px solid var(--line); text-align: left; }
th { background: var(--side); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2em 0; }
.neighbours { display: flex; justify-content: space-between; gap: 1rem; margin-top: 3rem; }
.neighbours a { flex: 0 1 48%; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 8px; text-decoration: none; }
.neighbours a:hover { border-color: var(--accent); }
.neighbours a[rel=next] { text-align: right; }
.neighbours small { display: block; color: var(--soft); }
.sections { padding: 2rem 1rem; font-size: 0.875rem; }
.sections ul { top: 4rem; border-left: 1px solid var(--line); }
.sections a { display: block; padding: 0.15rem 0.75rem; color: var(--soft); text-decoration: none; }
.sections a:hover { color: var(--accent); } .sections .depth3 a { padding-left: 1.6rem; }
#status { position: fixed; right: 1rem; bottom: 1rem; margin: 0; padding: 0.4rem 0.9rem; background: var(--text); color: var(--page); border-radius: 6px; font-size: 0.85rem; }
#status:empty { display: none; }
.hljs-keyword, .hljs-literal, .hljs-built_in, .hljs-type { color: var(--keyword); }
.hljs-string, .hljs-regexp { color: var(--string); }
.hljs-number { color: var(--number); }
.hljs-comment, .hljs-meta { color: var(--comment); }
.hljs-title, .hljs-attr, .hljs-variable, .hljs-attribute { color: var(--name); }
@media (max-width: 80rem) { .columns { grid-template-columns: 16rem minmax(0, 1fr); } .sections { display: none; } }
@media (max-width: 52rem) {
  .columns { display: block; } .sidebar { display: none; } main { padding: 1.25rem 1.25rem 3rem; }
  header { display: block; position: sticky; top: 0; z-index: 1; background: var(--side); border-bottom: 1px solid var(--line); padding: 0.6rem 1.25rem; }
  .menu summary { font-weight: 650; cursor: pointer; } .menu ul { padding: 0.5rem 0; max-height: 70vh; overflow-y: auto; }
}
@media print { .sidebar, .sections, .neighbours, .copy, header, .anchor { display: none; } .columns { display: block; } }
`;
