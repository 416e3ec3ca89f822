import type { DiagnosticStyle } from '../base/diagnostic.ts';

export interface Style extends DiagnosticStyle {
  readonly good: (s: string) => string;
}

const same = (s: string): string => s;
const plain: Style = { error: same, warning: same, dim: same, bold: same, good: same };

/** Colours, or none. The library is loaded only when it is used. */
export async function styleOf(colour: boolean): Promise<Style> {
  if (!colour) return plain;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return { error: chalk.red, warning: chalk.yellow, dim: chalk.dim, bold: chalk.bold, good: chalk.green };
}

/** Colours that tell equals apart, to be used in turn. */
export async function huesOf(colour: boolean): Promise<((s: string) => string)[]> {
  if (!colour) return [same];
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return [chalk.cyan, chalk.yellow, chalk.green, chalk.magenta, chalk.blue, chalk.red];
}
