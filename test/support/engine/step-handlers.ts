import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Dispatcher, ReadyStep, Slot, StepHandler, StepId } from '../../../src/orchestrator/ports/dispatch.ts';
import { waitFor } from '../wait-for.ts';

export const readyStep = (workflowId: string, agent: ReadyStep['agent'] = 'story', leaseNumber = 0): ReadyStep => ({
  workflowId,
  agent,
  leaseNumber,
});

export function ids(count: 1): [string];
export function ids(count: 2): [string, string];
export function ids(count: 3): [string, string, string];
export function ids(count: 4): [string, string, string, string];
export function ids(count: number): string[];
export function ids(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}

/** A handler whose runs block until the test ends them, or is over. It records what was begun and cancelled. */
export function blockingHandler() {
  const begun: string[] = [];
  const cancelled: string[] = [];
  const gates = new Map<string, (() => void)[]>(); // one step may run twice at the same time
  const slots = new Map<string, Slot>();
  let isOver = false;
  const key = ({ workflowId, agent }: StepId) => `${workflowId}:${agent}`;
  const handler: StepHandler = {
    async run(step, slot) {
      begun.push(key(step));
      slots.set(key(step), slot);
      const { promise, resolve } = Promise.withResolvers<void>();
      if (isOver) resolve();
      gates.set(key(step), [...(gates.get(key(step)) ?? []), resolve]);
      await promise;
      return null;
    },
    cancelled: (workflowId) => cancelled.push(workflowId),
  };
  const end = (which: string) => {
    for (const open of gates.get(which) ?? []) open();
    gates.delete(which);
  };
  const endAll = () => {
    for (const which of [...gates.keys()]) end(which);
  };
  onTestFinished(() => {
    isOver = true;
    endAll();
  });
  return { begun, cancelled, handler, slots, end, endAll };
}

/** Starts a dispatcher and waits until it runs a first step, which blocks until the test ends it. */
export async function startBusy(dispatcher: Dispatcher) {
  const handling = blockingHandler();
  dispatcher.start(handling.handler);
  const [first] = ids(1);
  dispatcher.dispatch(readyStep(first), 0);
  await waitForLength('the first step', handling.begun, 1);
  return { first, ...handling };
}

/** A handler whose runs end at once. */
export function immediateHandler(run: (step: StepId) => number | null | Promise<number | null> = () => null) {
  const begun: string[] = [];
  const handler: StepHandler = {
    async run(step) {
      begun.push(step.workflowId);
      return await run(step);
    },
    cancelled: () => {},
  };
  return { begun, handler };
}

export const waitForLength = (what: string, list: readonly unknown[], length: number) =>
  waitFor(what, () => list.length >= length);
