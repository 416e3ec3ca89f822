import { escapeHtml } from '../base/html.ts';

/** Something that a reader does, and the checks that tell whether it is done: rendered here, run by the site's server. */
export interface SiteTask {
  readonly title: string;
  /** Ids of tasks that come before it. */
  readonly prerequisites: readonly string[];
  readonly conditions: readonly SiteCondition[];
  readonly successMessage?: string;
}

export interface SiteCondition {
  readonly id: string;
  readonly description: string;
  readonly check: readonly SiteScript[];
  readonly solve: readonly SiteScript[];
  readonly setup: readonly SiteScript[];
  readonly cleanup: readonly SiteScript[];
}

export interface SiteScript {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Name of the workload beside which it runs (`mesh exec`); absent: on this machine. */
  readonly target?: string;
  readonly workingDirectory?: string;
  readonly timeoutMs: number;
  readonly failureMessage?: string;
  readonly successMessage?: string;
}

/** How things are with the conditions of a task. */
export interface TaskState {
  readonly passed: boolean;
  readonly message?: string;
  readonly conditions: readonly { readonly id: string; readonly passed: boolean; readonly message?: string }[];
}

/** A checklist. Its buttons do nothing without script, and are hidden then. */
export function renderTask(id: string, task: SiteTask): string {
  const conditions = task.conditions.map(
    (condition) =>
      `<li data-condition="${escapeHtml(condition.id)}"><span class="mark" aria-hidden="true"></span>${escapeHtml(condition.description)}<small class="message"></small></li>`,
  );
  const solvable = task.conditions.some(({ solve }) => solve.length > 0);
  const solve = solvable ? ' <button type="button" data-action="solve" hidden>Solve</button>' : '';
  const title = task.title === '' ? '' : `<p class="title">${escapeHtml(task.title)}</p>`;
  const buttons = `<p><button type="button" data-action="check" hidden>Check</button>${solve} <span class="result" role="status"></span></p>`;
  return `<section class="task" data-task="${escapeHtml(id)}">${title}<ul>${conditions.join('')}</ul>${buttons}</section>`;
}
