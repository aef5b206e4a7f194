/** Whether a key belongs to a field, to the browser or to the operating system. */
export function isTyping({ target, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || isComposing) return true;
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
