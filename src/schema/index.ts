import './scalars/date-time.ts';
import './scalars/json.ts';
import './queries/viewer.ts';
import './queries/room.ts';
import './queries/workflow.ts';
import './mutations/create-room.ts';
import './mutations/create-room-token.ts';
import './mutations/start-workflow.ts';
import './mutations/cancel-workflow.ts';
import './mutations/retry-workflow.ts';
import './subscriptions/agent-logs.ts';
import './subscriptions/deployment-completed.ts';
import './subscriptions/workflow-updated.ts';
import './types/viewer.ts';
import './types/room.ts';
import './types/room-token.ts';
import './types/workflow.ts';
import './types/step.ts';
import './types/attempt.ts';
import './types/agent-log.ts';
import './types/deployment.ts';
import './types/deployment-completed.ts';
import './types/reward.ts';
import './types/start-workflow-payload.ts';
import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';

/** The whole API. What it needs comes with each operation's context. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}
