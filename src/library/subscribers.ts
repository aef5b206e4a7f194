import { type ExecutionArgs, executeSync } from 'graphql';
import type { DeploymentNotification } from './notification-schema.ts';

/** One client's subscription to a room. */
export type Subscriber = {
  /** The operation: query, variables and name as JSON. Subscribers with equal operations receive equal results. */
  operation: string;
  args: ExecutionArgs;
  /** Sends the operation's result for a notification, as JSON. Must not throw. */
  send(result: string): void;
};

export type Subscribers = {
  /** @returns ends the subscription */
  add(roomId: string, subscriber: Subscriber): () => void;
  /** Sends the notification to each of the room's subscribers. It is executed and serialized once per operation. */
  notify(notification: DeploymentNotification): void;
};

export function createSubscribers(): Subscribers {
  const rooms = new Map<string, Set<Subscriber>>();
  return {
    add(roomId, subscriber) {
      const room = rooms.get(roomId) ?? new Set();
      rooms.set(roomId, room.add(subscriber));
      return () => {
        room.delete(subscriber);
        if (room.size === 0 && rooms.get(roomId) === room) rooms.delete(roomId);
      };
    },
    notify(notification) {
      const results = new Map<string, string>();
      for (const { operation, args, send } of rooms.get(notification.roomId) ?? []) {
        const result = results.get(operation) ?? resultOf(args, notification);
        results.set(operation, result);
        send(result);
      }
    },
  };
}

function resultOf(args: ExecutionArgs, notification: DeploymentNotification): string {
  return JSON.stringify(executeSync({ ...args, rootValue: { deploymentCompleted: notification } }));
}
