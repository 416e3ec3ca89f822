import { messageOf } from '../../../base/errors.ts';
import { goJson } from '../../../base/go-json.ts';
import { type Command, Failure } from '../command.ts';
import { fileArgument, loadSnapshot } from './file.ts';
import { recordsOf } from './records.ts';

export const snapshotDecode: Command = {
  name: 'snapshot decode',
  synopsis: 'Print what is in a file as JSON',
  usage: ['FILE'],
  completes: ['file'],
  description: 'Prints everything that a snapshot holds, an object a line: {"Data": …, "Type": "KVS"}. That includes secrets.',
  examples: ['snapshot decode backup.snap'],
  flags: [],
  offline: true,
  run: async ({ io, args }) => {
    const { metaJson, state } = await loadSnapshot(fileArgument(args), io);
    io.out(`${goJson({ Data: metaJson, Type: 'SnapshotHeader' })}\n`);
    try {
      for (const { type, data } of recordsOf(state)) io.out(`${goJson({ Data: data, Type: type })}\n`);
    } catch (error) {
      throw new Failure(`Error extracting snapshot data: ${messageOf(error)}`);
    }
    return 0;
  },
};
