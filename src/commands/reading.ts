import type { Argument, Option } from './command.ts';

/** What commands take that read a blueprint. */
export const BLUEPRINT: Argument = {
  name: 'blueprint',
  doc: 'folder or .hcl file, the name of a shipped blueprint, or a git address',
  completes: 'blueprint',
};

export const VARIABLES: readonly Option[] = [
  {
    flags: '--var <name=value>',
    doc: 'value of a variable; stronger than the environment and files; repeatable',
    repeatable: true,
    onlyTyped: 'write values of variables into a file and name it: vars_file = ["my.vars"]',
  },
  { flags: '--vars-file <file>', doc: 'file with values of variables: name = value, one a line', repeatable: true, completes: 'file' },
];

export const FORCE_UPDATE: Option = { flags: '--force-update', doc: 'fetch blueprints and modules that come from git again' };

export const REPLACE: Option = {
  flags: '--replace <blueprint>',
  doc: 'come up beside a blueprint that runs, take its ports over, then remove it',
  repeatable: true,
  completes: 'applied-blueprint',
  onlyTyped: 'it is meant for one run',
};

export const PORTS: Option = {
  flags: '--ports <mode>',
  doc: 'what to do when a port is taken: "fixed" fails, "auto" takes another one',
  default: 'fixed',
  choices: ['fixed', 'auto'],
};

export const WORKERS: Option = {
  flags: '--dataplane-workers <n>',
  doc: "processes of a new agent's data plane, for more cores (default: 1)",
};
