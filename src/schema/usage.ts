import { totalUsage } from '../orchestrator/domain/usage.ts';
import type { AttemptRecord, UsageRecord } from '../orchestrator/ports/records.ts';
import { builder } from './builder.ts';
import type { Loaders } from './loaders.ts';
import { AttemptRef, StepRef, UsageRef, type UsageWithWaste, WorkflowRef } from './refs.ts';

UsageRef.implement({
  description:
    'What calls of models consumed, as the agents report it. A value is null if one of the calls did not report it: ' +
    'unknown is not zero.',
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the model; of several, each once, separated by commas.',
    }),
    inputTokens: t.exposeInt('inputTokens', { nullable: true, description: 'Tokens that were sent to models.' }),
    outputTokens: t.exposeInt('outputTokens', { nullable: true, description: 'Tokens that models wrote.' }),
    images: t.exposeInt('images', { nullable: true, description: 'Pictures that models drew.' }),
    costUsd: t.exposeFloat('costUsd', { nullable: true, description: 'The cost in US dollars.' }),
    wastedCostUsd: t.exposeFloat('wastedCostUsd', {
      nullable: true,
      description: 'The part of `costUsd` that attempts have which failed.',
    }),
  }),
});

builder.objectField(AttemptRef, 'usage', (t) =>
  t.field({
    type: UsageRef,
    nullable: true,
    description:
      'What the call consumed, together with repeated calls of the same number; null if nothing is reported.',
    resolve: async ({ workflowId, agent, number, errorCode }, _args, { loaders }) => {
      const reports = await loaders.usages.load(workflowId);
      const own = reports.filter((report) => report.agent === agent && report.attempt === number);
      return withWaste(own, () => errorCode !== null);
    },
  }),
);

builder.objectField(StepRef, 'usage', (t) =>
  t.field({
    type: UsageRef,
    nullable: true,
    description: 'What all attempts of the step consumed; null if nothing is reported.',
    resolve: async ({ workflowId, agent }, _args, { loaders }) => {
      const reports = await loaders.usages.load(workflowId);
      return ofAttempts(
        reports.filter((report) => report.agent === agent),
        loaders,
      );
    },
  }),
);

builder.objectField(WorkflowRef, 'usage', (t) =>
  t.field({
    type: UsageRef,
    nullable: true,
    description:
      'What all steps consumed; null if nothing is reported. Results that a retry took over from an earlier workflow ' +
      "belong to that workflow's usage.",
    resolve: async ({ id }, _args, { loaders }) => ofAttempts(await loaders.usages.load(id), loaders),
  }),
);

async function ofAttempts(reports: readonly UsageRecord[], { attempts }: Loaders): Promise<UsageWithWaste | null> {
  const found = await Promise.all(reports.map((report) => attempts.load(report)));
  const isOf = (report: UsageRecord) => (attempt: AttemptRecord) => attempt.number === report.attempt;
  const failed = reports.filter((report, index) => found[index]?.find(isOf(report))?.errorCode != null);
  return withWaste(reports, (report) => failed.includes(report));
}

function withWaste(reports: readonly UsageRecord[], isWasted: (report: UsageRecord) => boolean): UsageWithWaste | null {
  const total = totalUsage(reports);
  if (total === null) return null;
  const wasted = totalUsage(reports.filter(isWasted));
  return { ...total, wastedCostUsd: wasted === null ? 0 : wasted.costUsd };
}
