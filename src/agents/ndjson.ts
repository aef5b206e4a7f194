const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits bytes into lines, wherever the chunks end: for each chunk the lines that it completes, and at the end the
 * last one, if no newline ended it. Neither CR LF nor LF is part of a line; empty lines are left out. Works on bytes,
 * so that no character is cut in two.
 */
export async function* ndjsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  let open: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      open.push(chunk.subarray(start, end));
      addLine(lines, open);
      open = [];
      start = end + 1;
    }
    if (start < chunk.length) open.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  const last: Uint8Array[] = [];
  addLine(last, open);
  if (last.length > 0) yield last;
}

function addLine(lines: Uint8Array[], parts: Uint8Array[]): void {
  const [first] = parts;
  const line = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
  if (end > 0) lines.push(line.subarray(0, end));
}
