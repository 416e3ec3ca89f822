import type { Input } from '../../commands/command.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { choiceOption, durationOption, givenValues, listOption, portOption, workersOption } from './options.ts';
import { runBlueprint } from './run-blueprint.ts';

/** `mesh run`: read and check the blueprint here, let the agent apply it, return when it is ready. */
export async function run(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const httpPort = portOption(input, 'http-port', 'httpPort');
  const ports = choiceOption(input, 'ports', ['fixed', 'auto']);
  const { dataplaneWorkers: given } = input.options;
  const dataplaneWorkers = workersOption(given === undefined ? undefined : String(given));
  return runBlueprint(
    {
      argument: input.args[0],
      replace: listOption(input, 'replace'),
      reading: { given: givenValues(input, io.cwd), update: input.options['forceUpdate'] === true },
      timeoutMs: durationOption(input, 'timeout'),
      start: { ports, ...(httpPort === undefined ? {} : { httpPort }), ...(dataplaneWorkers && { dataplaneWorkers }) },
      browser: input.options['browser'] !== false,
      quiet: input.options['quiet'] === true,
      json: input.options['json'] === true,
    },
    home,
    io,
  );
}
