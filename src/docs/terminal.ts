import { escapeHtml } from '../base/html.ts';

/**
 * `<Terminal target="consul.container.shipyard.run" shell="sh" workdir="/files" />`, which opened a shell in the page, becomes
 * the command that opens it.
 */
export function renderTerminal(attributes: ReadonlyMap<string, string>): string {
  const target = attributes.get('target') ?? '';
  const command = terminalCommand(target, attributes.get('shell') ?? 'sh');
  const folder = attributes.get('workdir');
  const hint = folder === undefined ? '' : ` <span class="where">in ${escapeHtml(folder)}</span>`;
  return `<div class="terminal" role="note"><p>Type this in a terminal${hint}:</p>${copyable(`<code>${escapeHtml(command)}</code>`)}</div>`;
}

/** The name of a resource is the first part of its host name. */
function terminalCommand(target: string, shell: string): string {
  const name = /^([\w-]+)\.[\w-]+\.shipyard(?:\.run)?$/.exec(target)?.[1] ?? target;
  const plain = /^(\/bin\/)?sh$/.test(shell);
  return plain ? `mesh exec ${name}` : `mesh exec ${name} -- ${shell}`;
}

/** A code block with the button that copies it; the button does nothing without script, and is hidden then. */
export const copyable = (code: string): string =>
  `<div class="code"><pre tabindex="0">${code}</pre><button type="button" class="copy" hidden>Copy</button></div>`;
