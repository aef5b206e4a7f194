/** Waits between attempts to connect, cut short when the network returns or the page is looked at again. */
export function createWaiting() {
  let wake = () => {};
  const onWake = () => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', onWake);
  document.addEventListener('visibilitychange', onWake);
  return {
    wait: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms * (0.75 + Math.random() / 2));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    dispose() {
      window.removeEventListener('online', onWake);
      document.removeEventListener('visibilitychange', onWake);
    },
  };
}
