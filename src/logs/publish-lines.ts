import { logChannel } from '../orchestrator/domain/log-line.ts';
import type { PublishLines } from '../orchestrator/ports/log.ts';
import { encodeLogLine } from './log-line-codec.ts';

/** Publishes each line on its room's channel, in the order given. Call it after commit. */
export function createPublishLines(publish: (channel: string, message: unknown) => void): PublishLines {
  return (lines) => {
    for (const line of lines) publish(logChannel(line.roomId), encodeLogLine(line));
  };
}
