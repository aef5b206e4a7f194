import { DEFAULT_READER_LIMITS } from '../../../src/logs/feed.ts';
import { createHub } from '../../../src/logs/hub.ts';
import type { OutputHub } from '../../../src/logs/output/output-hub.ts';
import { createPublishLines } from '../../../src/logs/publish-lines.ts';
import { createSubscriptions } from '../../../src/logs/subscriptions.ts';
import { logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import type { LogLine } from '../../../src/orchestrator/domain/log-line.ts';
import { DEPLOYED_EVENT, FINISHED_EVENT } from '../../../src/orchestrator/domain/log-messages.ts';
import type { LogReader } from '../../../src/orchestrator/ports/log.ts';
import type { DeploymentRecord, RoomRecord, WorkflowRecord } from '../../../src/orchestrator/ports/records.ts';
import { createInProcessPubSub } from '../../../src/pubsub/in-process-pubsub.ts';
import { fake } from '../../support/fake.ts';

export const VIEWER = 'mary';
const ids = { room: 0, workflow: 0 };
const uuid = (kind: keyof typeof ids) =>
  `0189${kind === 'room' ? '0000' : '1111'}-0000-7000-8000-${String(++ids[kind]).padStart(12, '0')}`;

/** Settles when everything has happened that waits for neither a timer nor I/O. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Tables in memory and a real in-process pub/sub. Polls only when `poll` is called. */
export function createSmallWorld(limits = DEFAULT_READER_LIMITS) {
  const rooms: RoomRecord[] = [];
  const workflows: WorkflowRecord[] = [];
  const deployments: DeploymentRecord[] = [];
  const lines = new Map<string, LogLine[]>();
  const heads = new Map<string, number>();
  const timers = new Set<() => void>();
  const pages: { after: number }[] = [];
  let clock = 1_760_000_000_000;
  const now = () => new Date(++clock);
  /** Every read waits for this. */
  let gate: () => Promise<void> = async () => undefined;

  const linesOf = (roomId: string) => lines.get(roomId) ?? [];
  const headOf = (roomId: string) => heads.get(roomId) ?? 0;
  const find = (workflowId: string) => workflows.find(({ id }) => id === workflowId) as WorkflowRecord;
  const pubsub = createInProcessPubSub();
  const publish = createPublishLines(pubsub.publish);

  const logs: LogReader = {
    async heads(roomIds) {
      await gate();
      return new Map(roomIds.map((id) => [id, headOf(id)]));
    },
    async readAfter(roomId, after, limit) {
      pages.push({ after });
      const page = linesOf(roomId)
        .filter(({ seq }) => seq > after)
        .slice(0, limit);
      await gate();
      return page;
    },
  };
  const hub = createHub({
    logs,
    pubsub: pubsub,
    limits,
    onError: () => undefined,
    setTimer(_ms, task) {
      timers.add(task);
      return () => void timers.delete(task);
    },
  });
  const mine = (viewerId: string) => viewerId === VIEWER;
  const watch = createSubscriptions({
    hub,
    outputHub: fake<OutputHub>('outputHub'),
    logs,
    limits,
    rooms: { byIds: async (viewer, ids) => rooms.filter(({ id }) => mine(viewer) && ids.includes(id)) },
    workflows: {
      async byIds(viewer, ids) {
        await gate();
        return workflows.filter(({ id }) => mine(viewer) && ids.includes(id)).map((row) => ({ ...row }));
      },
      latestByRooms: async (viewer, ids) =>
        ids.flatMap((room) => workflows.filter(({ roomId }) => mine(viewer) && roomId === room).slice(-1)),
      deployments: async (viewer, ids) =>
        deployments.filter(({ workflowId }) => mine(viewer) && ids.includes(workflowId)),
      async deploymentsAfter(room, after) {
        await gate();
        // Postgres keeps microseconds, so the same instant in ms may be slightly later there.
        return deployments.filter(({ roomId, completedAt }) => roomId === room && completedAt >= after);
      },
    },
  });

  function log(
    workflowId: string,
    line: Partial<LogLine> = {},
    how: 'published' | 'unpublished' = 'published',
  ): LogLine {
    const { roomId } = find(workflowId);
    const seq = headOf(roomId) + 1;
    const whole: LogLine = {
      id: logCursor(roomId, seq),
      seq,
      roomId,
      workflowId,
      timestamp: now(),
      agentType: 'story',
      level: 'info',
      message: `line ${seq}`,
      metadata: null,
      ...line,
    };
    if (!lines.has(roomId)) lines.set(roomId, []);
    lines.get(roomId)?.push(whole);
    heads.set(roomId, seq);
    if (how === 'published') publish([whole]);
    return whole;
  }
  const logEvent = (workflowId: string, event: string) =>
    log(workflowId, { agentType: 'orchestrator', metadata: { event } });

  return {
    hub,
    logs,
    limits,
    watch,
    pubsub,
    pages,
    log,
    lines: linesOf,
    room(): string {
      const id = uuid('room');
      const times = { createdAt: now(), updatedAt: now() };
      rooms.push({ id, viewerId: VIEWER, title: null, status: 'idle', error: null, ...times });
      return id;
    },
    start(roomId: string): string {
      const id = uuid('workflow');
      workflows.push({
        id,
        roomId,
        viewerId: VIEWER,
        status: 'running',
        userInput: 'a lighthouse',
        language: null,
        variation: null,
        retryOfId: null,
        version: 1,
        logStartSeq: headOf(roomId),
        logEndSeq: null,
        createdAt: now(),
        updatedAt: now(),
        startedAt: now(),
        finishedAt: null,
      });
      logEvent(id, 'workflow.started');
      return id;
    },
    change(workflowId: string): void {
      find(workflowId).version += 1;
      logEvent(workflowId, 'attempt.started');
    },
    deploy(workflowId: string): DeploymentRecord {
      const deploymentUrl = `http://localhost/${workflowId}`;
      const deployment = {
        workflowId,
        roomId: find(workflowId).roomId,
        deploymentUrl,
        codeCid: null,
        completedAt: now(),
      };
      deployments.push(deployment);
      find(workflowId).version += 1;
      logEvent(workflowId, DEPLOYED_EVENT);
      return deployment;
    },
    finish(workflowId: string, status: 'succeeded' | 'failed' | 'cancelled' = 'succeeded'): void {
      const workflow = find(workflowId);
      const logEndSeq = headOf(workflow.roomId) + 1;
      Object.assign(workflow, { status, logEndSeq, finishedAt: now(), version: workflow.version + 1 });
      logEvent(workflowId, FINISHED_EVENT);
    },
    /** Removes the lines up to this one. */
    forget(roomId: string, upTo: number): void {
      lines.set(
        roomId,
        linesOf(roomId).filter(({ seq }) => seq > upTo),
      );
    },
    gate(next: () => Promise<void>): void {
      gate = next;
    },
    async poll(): Promise<void> {
      for (const task of [...timers]) {
        timers.delete(task);
        task();
      }
      await settled();
    },
    timers: () => timers.size,
  };
}

export type SmallWorld = ReturnType<typeof createSmallWorld>;

/** Collects an iterator's items in the background. */
export function collect<T>(iterator: AsyncIterableIterator<T>) {
  const items: T[] = [];
  const state = { items, isDone: false };
  void (async () => {
    for await (const item of iterator) items.push(item);
    state.isDone = true;
  })();
  return state;
}
