/*
 * The room that was opened last from the overview, kept in its entry of the browser's history: whoever goes back continues
 * there, also after a reload.
 */

export function rememberRoom(roomId: string): void {
  history.replaceState({ roomId }, '');
}

export function rememberedRoom(): string | null {
  const { roomId } = Object(history.state);
  return typeof roomId === 'string' ? roomId : null;
}
