import { rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, systemCode } from '../../../base/errors.ts';
import { unexpected } from '../client.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { goErrno } from '../go-errors.ts';
import { readArchive } from './archive.ts';
import { fileArgument } from './file.ts';

export const snapshotSave: Command = {
  name: 'snapshot save',
  synopsis: 'Save the whole state in a file',
  usage: ['FILE'],
  completes: ['file'],
  description: 'Saves the whole state of the servers in a file, with everything that is secret: only its owner can read it.',
  examples: ['snapshot save backup.snap'],
  flags: [],
  run: async ({ io, args, client }) => {
    const file = fileArgument(args);
    const api = await client();
    const saving = 'Error saving snapshot';
    const response = await attempt(saving, api.send('GET', '/v1/snapshot'));
    if (response.status !== 200) throw new Failure(`${saving}: ${unexpected(response)}`);
    // What is there stays until the new one is known to be whole.
    const unverified = `${file}.unverified`;
    const at = resolve(io.cwd, unverified);
    await writeFile(at, response.bytes, { mode: 0o600 }).catch((error: unknown) => {
      throw new Failure(
        `Error writing unverified snapshot file: open ${unverified}: ${goErrno(systemCode(error) ?? '') ?? messageOf(error)}`,
      );
    });
    let index: number;
    try {
      index = readArchive(response.bytes).meta.Index;
    } catch (error) {
      await rm(at, { force: true });
      throw new Failure(`Error verifying snapshot file: ${messageOf(error)}`);
    }
    await rename(at, resolve(io.cwd, file)).catch(async (error: unknown) => {
      await rm(at, { force: true });
      const code = systemCode(error) ?? '';
      const why = code === 'EISDIR' ? 'file exists' : (goErrno(code) ?? messageOf(error));
      throw new Failure(`Error renaming ${JSON.stringify(unverified)} to ${JSON.stringify(file)}: rename ${unverified} ${file}: ${why}`);
    });
    io.out(`Saved and verified snapshot to index ${index}\n`);
    return 0;
  },
};
