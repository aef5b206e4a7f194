import type { StepText } from '../orchestrator/domain/step-output.ts';
import { isStepFinished, type StepStatus } from '../orchestrator/domain/workflow.ts';
import type { OutputReader } from '../orchestrator/ports/output.ts';
import type { Db } from './client.ts';

type OutputRow = {
  index: number;
  attempt: number;
  lease_number: number;
  status: StepStatus;
  channel: string | null;
  text: string | null;
};

/** @see {@link OutputReader} */
export function createOutputReader(db: Db): OutputReader {
  const client = db.$client;
  return {
    async read(known) {
      const steps = known.map(({ workflowId, agent, call, length }, index) => ({
        index,
        workflow_id: workflowId,
        agent,
        lease_number: call,
        length,
      }));
      const rows = await client<OutputRow[]>`
        select known.index, steps.attempt, steps.lease_number, steps.status, output.channel, output.text
        from json_to_recordset(${JSON.stringify(steps)}::json) as known (
          index int, workflow_id uuid, agent agent_name, lease_number int, length bigint)
        join steps on steps.workflow_id = known.workflow_id and steps.agent = known.agent
        left join lateral (
          select channel, text, sum(length) over () as total_length from step_outputs
          where step_outputs.workflow_id = steps.workflow_id and step_outputs.agent = steps.agent
            and step_outputs.lease_number = steps.lease_number
        ) as output on steps.lease_number <> known.lease_number or total_length <> known.length`;
      const byIndex = Map.groupBy(rows, ({ index }) => index);
      return known.map((_step, index) => toText(byIndex.get(index) ?? []));
    },
  };
}

function toText(rows: readonly OutputRow[]): StepText | null {
  const [first] = rows;
  if (first === undefined) return null;
  const texts = new Map<string, string>();
  for (const { channel, text } of rows) if (channel !== null && text !== null) texts.set(channel, text);
  return { attempt: first.attempt, call: first.lease_number, isEnded: isStepFinished(first.status), texts };
}
