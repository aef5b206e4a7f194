import { z } from 'zod';

/** One line of what the process that checks a page writes. */
export const report = z.union([
  z.object({ done: z.literal(true) }),
  z.object({ doing: z.string(), line: z.number().optional() }),
  z.object({ problem: z.object({ text: z.string(), line: z.number().optional() }) }),
]);

export type Report = z.infer<typeof report>;
