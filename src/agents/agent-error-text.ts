import { isObject } from './agent-json.ts';
import { excerpt } from './excerpt.ts';

/** What an agent says is wrong: its `error`, a text or an object with a `message`, else its `message`; '' for none. */
export function agentErrorText(body: Record<string, unknown>): string {
  const { error, message } = body;
  const said = isObject(error) ? (error['message'] ?? error['error']) : error;
  return excerpt(
    ([said, message].find((text) => typeof text === 'string' && text.trim() !== '') as string | undefined) ?? '',
  );
}
