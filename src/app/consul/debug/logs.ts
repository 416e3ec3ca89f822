import { messageOf } from '../../../base/errors.ts';
import type { ApiClient } from '../client.ts';
import { redactText } from './redact.ts';

/** What the agent logs until the signal, without secrets. Never rejects: that there is no log is said in its place. */
export async function collectLogs(api: ApiClient, until: AbortSignal): Promise<string> {
  let text = '';
  try {
    const { status, body } = await api.stream('GET', '/v1/agent/monitor', { query: { loglevel: 'DEBUG' }, signal: until });
    for await (const chunk of body) text += String(chunk);
    if (status !== 200) return `the log could not be read: ${status} ${text}\n`;
  } catch (error) {
    if (!until.aborted) text += `the log could not be read: ${messageOf(error)}\n`;
  }
  return redactText(text);
}
