import { type Result, TemporaryFailure, type Tools } from '../define-agent.ts';
import { type Model, modelMetadata } from '../model/model.ts';
import { plainText } from '../model/plain-answer.ts';
import { titleFrom } from '../title.ts';
import { storyPrompt } from './story-prompt.ts';
import { titleAndBody } from './title-and-body.ts';

type Request = { input: string; language?: string | undefined; variation?: number | undefined };

/** Characters of the idea in the summary, from which AssetAgent draws. */
const MAX_IDEA = 300;

/** Has a model write the story, and streams it while it is written. */
export async function writeWithModel(request: Request, model: Model, tools: Tools): Promise<Result> {
  const { input, language, variation } = request;
  await tools.report(`Asking ${model.name} for a story`, { model: model.name });
  const written = await model.write(storyPrompt(input, language, variation), {
    seed: variation || undefined,
    stream: { channel: 'story', visible: (raw, isComplete) => titleAndBody(plainText(raw), isComplete).body },
  });
  const { title: given, body } = titleAndBody(plainText(written.text), true);
  if (body === '') {
    await written.forget();
    throw new TemporaryFailure(`${model.name} wrote no story`, { status: 502 });
  }
  if (written.isCut) await tools.report('The model reached its output limit, so the story ends early');
  const title = titleFrom(given ?? input);
  const idea = [...input.replace(/\s+/gu, ' ').trim()].slice(0, MAX_IDEA).join('');
  const words = body.split(/\s+/).length;
  const cid = await tools.store('text/plain; charset=utf-8', body);
  await tools.report(`Wrote a story of ${words} words: ${title}`, { words, cid });
  const metadata = { title, summary: `${title} — ${idea}`, words, language, ...modelMetadata(written) };
  return { story: body, cid, metadata };
}
