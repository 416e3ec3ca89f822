import { posix } from 'node:path';
import { errorAt } from '../../base/diagnostic.ts';
import type { LowerContext } from '../resource-type.ts';

/** Linux passes no longer argument on. */
const MAX_SCRIPT = 131_000;

/** Interpreters, and how each takes a program as an argument: what it reads is adapted to this machine as other arguments are. */
const FLAGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh', 'fish', 'python', 'python3'].map((name) => [name, '-c'])),
  ...Object.fromEntries(['node', 'perl', 'ruby'].map((name) => [name, '-e'])),
};

/** Windows' line ends are none for an interpreter (Jumppad replaces them, too). */
export const scriptText = (written: string): string => written.replaceAll('\r\n', '\n');

/**
 * The command line that runs a script: its `#!` line says with what, by name and looked up in the PATH, otherwise `sh` does.
 * Reports at the path `at` what can't be run.
 */
export function scriptCommand(script: string, at: string, context: LowerContext): string[] {
  if (script.trim() === '') context.report(errorAt(context.at(at), `"${at}" is empty`, { detail: 'expected the lines of a script' }));
  if (Buffer.byteLength(script) > MAX_SCRIPT) {
    const detail = `${Buffer.byteLength(script)} bytes; at most ${MAX_SCRIPT} can be passed on`;
    context.report(errorAt(context.at(at), 'the script is too long', { detail, hint: 'put the larger part of it into a file' }));
  }
  const [program = 'sh', ...flags] = interpreterOf(script);
  const flag = FLAGS[program];
  if (flag === undefined) {
    const known = Object.keys(FLAGS).join(', ');
    context.report(errorAt(context.at(at), `the script asks for the interpreter ${program}`, { detail: `known ones: ${known}` }));
  }
  return [program, ...flags, flag ?? '-c', script];
}

/** `#!/usr/bin/env bash` and `#!/bin/bash -e` -> bash, with its flags. */
function interpreterOf(script: string): string[] {
  const words = /^#!\s*(\S.*)/.exec(script)?.[1]?.trim().split(/\s+/) ?? [];
  const isEnv = words[0] !== undefined && posix.basename(words[0]) === 'env';
  const [program, ...flags] = isEnv ? words.slice(words[1] === '-S' ? 2 : 1) : words;
  return program === undefined ? [] : [posix.basename(program), ...flags];
}
