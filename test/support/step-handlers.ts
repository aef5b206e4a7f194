import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Dispatcher, ReadyStep, Slot, StepHandler, StepRef } from '../../src/orchestrator/ports/dispatch.ts';
import { waitFor } from './wait-for.ts';

export const turn = (workflowId: string, agent: ReadyStep['agent'] = 'story', leaseNumber = 0): ReadyStep => ({
  ...{ workflowId, agent, leaseNumber },
});

export function ids(count: 1): [string];
export function ids(count: 2): [string, string];
export function ids(count: 3): [string, string, string];
export function ids(count: 4): [string, string, string, string];
export function ids(count: number): string[];
export function ids(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}

/** A handler whose runs end when the test says so, at its end at the latest; and what it was told. */
export function held() {
  const begun: string[] = [];
  const cancelled: string[] = [];
  const gates = new Map<string, (() => void)[]>(); // two turns of one step may run beside one another
  const places = new Map<string, Slot>();
  let isOver = false;
  const key = ({ workflowId, agent }: StepRef) => `${workflowId}:${agent}`;
  const handler: StepHandler = {
    async run(step, place) {
      begun.push(key(step));
      places.set(key(step), place);
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
  return { begun, cancelled, handler, places, end, endAll };
}

/** The dispatcher has handed its first step over, which goes on until the test says so. */
export async function busy(dispatcher: Dispatcher) {
  const handling = held();
  dispatcher.start(handling.handler);
  const [first] = ids(1);
  dispatcher.dispatch(turn(first), 0);
  await grown('the first', handling.begun, 1);
  return { first, ...handling };
}

/** One whose runs end at once. */
export function quick(run: (step: StepRef) => number | null | Promise<number | null> = () => null) {
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

export const grown = (what: string, list: readonly unknown[], length: number) =>
  waitFor(what, () => list.length >= length);
