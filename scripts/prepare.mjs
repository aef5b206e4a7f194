/**
 * npm runs this after `npm ci` in a checkout. It builds the page if the packages for that are installed; after
 * `npm ci --omit=dev` they are not. Not TypeScript, which the Node.js of such an installation may not run.
 */
const hasVite = await import('vite').then(
  () => true,
  () => false,
);
if (hasVite) await import('./build-page.ts');
