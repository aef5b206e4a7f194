import type { AgentResult, StepResults } from './agent-input.ts';
import type { AgentName } from './agents.ts';

export const ARTIFACT_KINDS = ['story', 'image', 'code', 'page'] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** Something that an agent made. Null: its result does not say. */
export type Artifact = {
  kind: ArtifactKind;
  step: AgentName;
  cid: string | null;
  url: string | null;
  contentType: string | null;
  bytes: number | null;
};

/** What a workflow has made so far, in the chain's order. */
export function artifactsOf(results: StepResults): Artifact[] {
  const { story, asset, code, deploy } = results;
  return [
    ...(story === undefined ? [] : [{ ...base('story', 'story', story), ...textOf(story, 'story', 'text/plain') }]),
    ...(asset === undefined ? [] : [{ ...base('image', 'asset', asset), ...imageOf(asset) }]),
    ...(code === undefined ? [] : [{ ...base('code', 'code', code), ...textOf(code, 'code', 'text/html') }]),
    ...(deploy === undefined ? [] : [{ ...base('page', 'deploy', deploy), url: text(deploy['deploymentUrl']) }]),
  ];
}

function base(kind: ArtifactKind, step: AgentName, result: AgentResult): Artifact {
  return { kind, step, cid: text(result['cid']), url: null, contentType: null, bytes: null };
}

/** A text that stands in the result itself. */
function textOf(result: AgentResult, field: string, type: string) {
  const content = text(result[field]);
  return content === null ? {} : { contentType: `${type}; charset=utf-8`, bytes: Buffer.byteLength(content) };
}

function imageOf(result: AgentResult) {
  return { cid: text(result['imageCid']), url: text(result['imageUrl']) };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null);
