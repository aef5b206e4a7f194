import type DataLoader from 'dataloader';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import { allOutput } from '../orchestrator/domain/output-position.ts';
import type { OutputEvent } from '../orchestrator/domain/step-output.ts';
import type { StepId } from '../orchestrator/ports/dispatch.ts';
import type { LogPage, NewestFirst, Reads, Slice, StoredContent } from '../orchestrator/ports/reads.ts';
import type {
  AttemptRecord,
  DeploymentRecord,
  OutputRecord,
  RewardRecord,
  RoomRecord,
  StepRecord,
  UsageRecord,
  WorkflowRecord,
} from '../orchestrator/ports/records.ts';
import { batchLoader, oneByKey, type PageKey, pagesByParent } from './batch-loader.ts';

/** One statement for all parents of a level of the query. Null: does not exist, or belongs to someone else. */
export type Loaders = {
  room: DataLoader<string, RoomRecord | null>;
  workflow: DataLoader<string, WorkflowRecord | null>;
  /** By room. */
  latestWorkflow: DataLoader<string, WorkflowRecord | null>;
  /** By room and page. */
  roomWorkflows: DataLoader<PageKey<NewestFirst>, Slice<WorkflowRecord>>;
  /** By room and page. */
  roomLogs: DataLoader<PageKey<LogPage>, Slice<LogLine>>;
  /** By workflow, in the chain's order. */
  steps: DataLoader<string, StepRecord[]>;
  /** By step, ordered by number. */
  attempts: DataLoader<StepId, AttemptRecord[]>;
  /** By workflow, ordered by step and attempt. */
  usages: DataLoader<string, UsageRecord[]>;
  /** By step. Up to 10 MiB each: load only if the field is selected. */
  result: DataLoader<StepId, Record<string, unknown> | null>;
  /** By step: what its last call has written so far. */
  output: DataLoader<StepId, OutputEvent[]>;
  /** By CID: what is stored under it, without the content. */
  storedContent: DataLoader<string, StoredContent | null>;
  /** By workflow. */
  deployment: DataLoader<string, DeploymentRecord | null>;
  /** By workflow. */
  reward: DataLoader<string, RewardRecord | null>;
};

export function createLoaders({ rooms, workflows, rewards, logs, contents }: Reads, viewerId: string): Loaders {
  return {
    room: oneByKey(
      (ids) => rooms.byIds(viewerId, ids),
      (room) => room.id,
    ),
    workflow: oneByKey(
      (ids) => workflows.byIds(viewerId, ids),
      (workflow) => workflow.id,
    ),
    latestWorkflow: oneByKey(
      (ids) => workflows.latestByRooms(viewerId, ids),
      (workflow) => workflow.roomId,
    ),
    roomWorkflows: pagesByParent((ids, page) => workflows.listByRooms(viewerId, ids, page), EMPTY),
    roomLogs: pagesByParent((ids, page) => logs.page(viewerId, ids, page), EMPTY),
    steps: batchLoader(async (ids) => {
      const found = Map.groupBy(await workflows.steps(viewerId, ids), (step) => step.workflowId);
      return (id) => found.get(id) ?? [];
    }),
    attempts: batchLoader(async (steps) => {
      const ids = steps.map(({ workflowId }) => workflowId);
      const found = Map.groupBy(await workflows.attempts(viewerId, ids), keyOfStep);
      return (step) => found.get(keyOfStep(step)) ?? [];
    }),
    usages: batchLoader(async (ids) => {
      const found = Map.groupBy(await workflows.usages(viewerId, ids), ({ workflowId }) => workflowId);
      return (id) => found.get(id) ?? [];
    }),
    result: batchLoader(async (steps) => {
      const results = await workflows.results(viewerId, steps);
      const found = new Map(results.map((row) => [keyOfStep(row), row.result]));
      return (step) => found.get(keyOfStep(step)) ?? null;
    }),
    output: batchLoader(async (steps) => {
      const found = Map.groupBy(await workflows.outputs(viewerId, steps), keyOfStep);
      return (step) => outputOf(step, found.get(keyOfStep(step)) ?? []);
    }),
    storedContent: oneByKey(
      (cids) => contents.describe(cids),
      ({ cid }) => cid,
    ),
    deployment: oneByKey(
      (ids) => workflows.deployments(viewerId, ids),
      (deployment) => deployment.workflowId,
    ),
    reward: oneByKey(
      (ids) => rewards.byWorkflows(viewerId, ids),
      (reward) => reward.workflowId,
    ),
  };
}

const EMPTY: Slice<never> = { items: [], hasPrevious: false, hasNext: false };

function outputOf(step: StepId, rows: readonly OutputRecord[]): OutputEvent[] {
  const [first] = rows;
  if (first === undefined) return [];
  const texts = new Map(rows.map(({ channel, text }) => [channel, text]));
  return allOutput(step, { attempt: first.attempt, call: first.leaseNumber, isEnded: false, texts });
}

function keyOfStep({ workflowId, agent }: StepId): string {
  return `${workflowId} ${agent}`;
}
