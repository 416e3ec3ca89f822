import { callTree } from './tree.ts';

/** What runs in the page: asks the service and draws who called whom. Builds elements only, so that no answer is taken for markup. */
export const SCRIPT = `'use strict';
const callTree = ${String(callTree)};

const form = document.querySelector('form');
const status = document.getElementById('status');
const calls = document.getElementById('calls');

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function draw(node) {
  const details = element('details', node.failed ? 'failed' : '');
  details.open = true;
  const summary = element('summary', '');
  summary.append(
    element('span', 'name', node.name || node.uri || 'unknown'),
    element('span', 'code', (node.failed ? '\\u2716 ' : '\\u2714 ') + node.code),
    element('span', 'type', node.type),
    element('span', 'duration', node.duration),
    element('span', 'uri', node.uri),
  );
  const more = element('div', 'more');
  if (node.error) more.append(element('p', 'error', node.error));
  if (node.addresses.length > 0) more.append(element('p', 'addresses', node.addresses.join(', ')));
  if (node.body) more.append(element('pre', 'body', node.body));
  details.append(summary, more);
  if (node.calls.length > 0) {
    const list = element('ul', '');
    list.append(...node.calls.map(draw));
    details.append(list);
  }
  const item = element('li', '');
  item.append(details);
  return item;
}

function show(text, failed) {
  status.textContent = text;
  status.className = failed ? 'failed' : '';
}

async function call() {
  const path = '/' + form.elements.path.value.replace(/^\\/+/, '');
  const given = form.elements.header.value.trim();
  const colon = given.indexOf(':');
  show('Calling ' + path + ' \\u2026', false);
  try {
    const headers = colon > 0 ? { [given.slice(0, colon).trim()]: given.slice(colon + 1).trim() } : {};
    const response = await fetch(path, { headers, cache: 'no-store' });
    const text = await response.text();
    let answer;
    try {
      answer = JSON.parse(text);
    } catch {
      answer = { name: path, type: 'HTTP', code: response.status, body: text };
    }
    const tree = callTree(answer);
    calls.replaceChildren(draw(tree));
    show((tree.name || path) + ' answered ' + response.status + (tree.duration ? ' in ' + tree.duration : ''), !response.ok);
  } catch (error) {
    calls.replaceChildren();
    show('No answer: ' + error.message, true);
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  call();
});
call();
`;
