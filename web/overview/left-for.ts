/*
 * The room for which the overview was left, kept in its entry of the browser's history: whoever goes back continues
 * there, also after a reload.
 */

export function leaveFor(roomId: string): void {
  history.replaceState({ roomId }, '');
}

export function leftFor(): string | null {
  const { roomId } = Object(history.state);
  return typeof roomId === 'string' ? roomId : null;
}
