import { z } from 'zod';
import { TemporaryFailure } from '../../define-agent.ts';

/** What is read of a deployment, in answers about one and in lists. Vercel names some fields differently there. */
const deploymentSchema = z
  .object({
    id: z.string().optional(),
    uid: z.string().optional(),
    url: z.string().nullish(),
    readyState: z.string().optional(),
    state: z.string().optional(),
    alias: z.array(z.string()).nullish(),
    aliasAssigned: z.union([z.number(), z.boolean()]).nullish(),
    errorMessage: z.string().nullish(),
    meta: z.record(z.string(), z.unknown()).nullish(),
  })
  .transform((found, context) => {
    const id = found.id ?? found.uid;
    if (id === undefined) {
      context.addIssue('has no id');
      return z.NEVER;
    }
    return {
      id,
      url: found.url ?? null,
      state: found.readyState ?? found.state ?? 'QUEUED',
      aliases: found.alias ?? [],
      hasAliases: Boolean(found.aliasAssigned),
      errorMessage: found.errorMessage ?? null,
      meta: found.meta ?? {},
    };
  });

const listSchema = z.object({ deployments: z.array(deploymentSchema) });

export type VercelDeployment = z.output<typeof deploymentSchema>;

/** @throws {TemporaryFailure} when the answer is no deployment */
export const deploymentIn = (answer: unknown): VercelDeployment => parse(deploymentSchema, answer);

/** @throws {TemporaryFailure} when the answer is no list of deployments */
export const deploymentsIn = (answer: unknown): VercelDeployment[] => parse(listSchema, answer).deployments;

function parse<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  throw new TemporaryFailure(`Vercel sent an unexpected answer: ${[...path, message].join(' ')}`, {
    status: 502,
  });
}
