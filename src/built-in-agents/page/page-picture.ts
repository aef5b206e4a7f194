import type { Content } from '../../orchestrator/ports/content.ts';
import { drawScene } from '../picture/draw-scene.ts';
import { titleFrom } from '../title.ts';

/** A picture as a URL that loads nothing. */
export function pictureUrl({ contentType, bytes }: Content): string {
  return `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** The picture under `imageCid`, as a data: URL; or one that is drawn for the story. */
export async function pagePicture(
  {
    story,
    imageTheme,
    imageCid,
    variation,
  }: {
    story: string;
    imageTheme: string;
    imageCid?: string | undefined;
    variation?: number | undefined;
  },
  load: (cid: string) => Promise<Content | null>,
): Promise<string> {
  const stored = imageCid === undefined ? null : await load(imageCid);
  if (stored?.contentType.startsWith('image/')) return pictureUrl(stored);
  const { svg } = drawScene(story, titleFrom(imageTheme === '' ? story : imageTheme), '', { variation });
  return pictureUrl({ contentType: 'image/svg+xml', bytes: Buffer.from(svg, 'utf8') });
}
