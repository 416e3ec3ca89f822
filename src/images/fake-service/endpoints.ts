import type { ReadyConfig } from './config.ts';
import { parseNumber } from './environment.ts';
import type { FaultInjector } from './faults.ts';

/** What is not the service itself: `/health`, `/ready`, `/config/…`, the page. */

/** A whole answer: plain text, unless its headers say otherwise. */
export interface Answer {
  readonly code: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Health {
  code: number;

  constructor(code: number) {
    this.code = code;
  }

  answer(): Answer {
    return { code: this.code, text: 'OK' };
  }
}

/** @param sinceStartMs time since the service began to start. */
export function isReady(config: ReadyConfig, sinceStartMs: number): boolean {
  return sinceStartMs >= config.delayMs;
}

export function readyAnswer(config: ReadyConfig, sinceStartMs: number): Answer {
  return isReady(config, sinceStartMs) ? { code: config.successCode, text: 'OK' } : { code: config.failureCode, text: 'Starting Process' };
}

/** `/config/error_rate/0.5` and `/config/health_check_response_code/503`, by any method, until the process ends. */
export function configAnswer(path: string, faults: FaultInjector, health: Health): Answer {
  const [name = '', value = '', ...rest] = path.split('/').slice(2);
  const number = parseNumber(value);
  if (name === 'error_rate' && rest.length === 0) {
    if (!(number >= 0 && number <= 1))
      return { code: 400, text: `error_rate is ${JSON.stringify(value)}, expected a number from 0 to 1\n` };
    faults.errorRate = number;
  } else if (name === 'health_check_response_code' && rest.length === 0) {
    const valid = Number.isInteger(number) && number >= 200 && number <= 999;
    if (!valid) return { code: 400, text: `health_check_response_code is ${JSON.stringify(value)}, expected a status code, 200 to 999\n` };
    health.code = number;
  } else {
    return { code: 400, text: `unknown setting ${JSON.stringify(name)}, expected error_rate or health_check_response_code\n` };
  }
  return { code: 200, text: 'OK' };
}

/**
 * The page that draws the calls, at `uiPath` alone; without its last slash that is looked for there. Undefined: not about it.
 * @param uiPath ends with a slash
 */
export async function uiAnswer(path: string, uiPath: string, service: string): Promise<Answer | undefined> {
  if (`${path}/` === uiPath) return { code: 301, text: '', headers: { Location: uiPath } };
  if (!path.startsWith(uiPath)) return undefined;
  if (path !== uiPath) return { code: 404, text: '404 page not found\n' };
  const { page, PAGE_HEADERS } = await import('./ui/page.ts');
  return { code: 200, text: page(service), headers: PAGE_HEADERS };
}
