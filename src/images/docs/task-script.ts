/** Of pages with tasks: their buttons run the checks on the server, and show what came of it. */
export const TASK_SCRIPT = `
function show(section, state) {
  section.querySelector('.result').textContent = state.message || '';
  section.classList.toggle('passed', state.passed);
  for (const { id, passed, message } of state.conditions) {
    const item = section.querySelector('[data-condition="' + CSS.escape(id) + '"]');
    item.className = passed ? 'passed' : 'failed';
    item.querySelector('.message').textContent = message || '';
  }
}
const sections = [...document.querySelectorAll('[data-task]')];
for (const section of sections) {
  for (const button of section.querySelectorAll('[data-action]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const all = section.querySelectorAll('button');
      for (const one of all) one.disabled = true;
      section.querySelector('.result').textContent = button.dataset.action === 'check' ? 'Checking…' : 'Working…';
      try {
        const path = '/_docs/tasks/' + encodeURIComponent(section.dataset.task) + '/' + button.dataset.action;
        const response = await fetch(path, { method: 'POST', headers: { 'X-Mesh-Docs': '1' } });
        if (response.ok) show(section, await response.json());
        else section.querySelector('.result').textContent = await response.text();
      } catch {
        section.querySelector('.result').textContent = 'The site does not answer';
      }
      for (const one of all) one.disabled = false;
    });
  }
}
if (sections.length > 0)
  fetch('/_docs/tasks').then((response) => response.json()).then((states) => {
    for (const section of sections) if (states[section.dataset.task]) show(section, states[section.dataset.task]);
  }, () => undefined);
`;
