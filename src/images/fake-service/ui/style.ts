export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1b1f24;
  --muted: #57606a;
  --ground: #ffffff;
  --panel: #f4f6f8;
  --line: #c9d1d9;
  --accent: #0b5cad;
  --good: #1a6e34;
  --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3;
    --muted: #9aa5b1;
    --ground: #0e1116;
    --panel: #181d24;
    --line: #38414c;
    --accent: #6cb2ff;
    --good: #63c174;
    --bad: #ff8a80;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 64rem; margin: 0 auto; padding: 1rem; }
h1 { margin: 0 0 0.75rem; font-size: 1.25rem; }
form { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; }
label { display: grid; gap: 0.125rem; font-size: 0.875rem; color: var(--muted); }
.path { flex: 1 1 14rem; }
.header { flex: 1 1 12rem; }
input, button { min-height: 2.5rem; padding: 0 0.75rem; border: 1px solid var(--line); border-radius: 0.375rem; font: inherit; }
input { width: 100%; background: var(--panel); color: var(--text); }
button { background: var(--accent); border-color: var(--accent); color: var(--ground); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#status { min-height: 1.5rem; margin: 0.5rem 0; color: var(--muted); }
#status.failed { color: var(--bad); }
ul { margin: 0; padding: 0 0 0 1.25rem; border-left: 2px solid var(--line); list-style: none; }
#calls { padding: 0; border: 0; }
li { margin: 0.5rem 0; }
summary { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; padding: 0.5rem 0.75rem; border: 1px solid var(--line);
  border-left: 0.375rem solid var(--good); border-radius: 0.375rem; background: var(--panel); cursor: pointer; }
.failed > summary { border-left-color: var(--bad); }
summary::before { content: '\\25B8'; color: var(--muted); }
details[open] > summary::before { content: '\\25BE'; }
.name { font-weight: 600; }
.code { color: var(--good); font-variant-numeric: tabular-nums; }
.failed > summary .code, .error { color: var(--bad); }
.type, .duration, .uri, .addresses { color: var(--muted); overflow-wrap: anywhere; }
.more { padding: 0.25rem 0.75rem; }
p { margin: 0.25rem 0; overflow-wrap: anywhere; }
pre { margin: 0.25rem 0; padding: 0.5rem; overflow-x: auto; background: var(--panel); border-radius: 0.375rem; white-space: pre-wrap; }
`;
