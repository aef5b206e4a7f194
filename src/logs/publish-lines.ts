import { logChannel } from '../orchestrator/domain/log-line.ts';
import type { PublishLines } from '../orchestrator/ports.ts';
import { toWireLine } from './wire.ts';

/** Publishes each line on its room's channel, in the order given. To be called after commit. */
export function createPublishLines(publish: (channel: string, message: unknown) => void): PublishLines {
  return (lines) => {
    for (const line of lines) publish(logChannel(line.roomId), toWireLine(line));
  };
}
