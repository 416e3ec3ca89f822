import { TASK_SCRIPT } from './task-script.ts';

/** Of all pages, which can be read without it: it copies code, turns pages by keys, and loads a page again when it changed. */
export const SCRIPT = `
'use strict';
const status = document.getElementById('status');
let quiet;
function say(text) {
  status.textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => { status.textContent = ''; }, 1500);
}
function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
for (const button of document.querySelectorAll('.copy')) {
  const code = button.parentElement.querySelector('code');
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent.replace(/\\n$/, ''));
      say('Copied');
    } catch {
      select(code);
      say('Selected: copy it with your keyboard');
    }
  });
}
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select')) return;
  const rel = { n: 'next', p: 'prev' }[event.key];
  const link = rel && document.querySelector('a[rel=' + rel + ']');
  if (link) link.click();
});
const events = new EventSource('/_docs/events');
events.addEventListener('change', () => location.reload());
addEventListener('pagehide', () => events.close());
${TASK_SCRIPT}`;
