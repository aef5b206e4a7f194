/** A page to deploy to a host outside this service. */
export type PageToDeploy = {
  /** The CID of its bytes. */
  cid: string;
  bytes: Uint8Array;
  /** Names the project on the host. */
  projectName: string;
};

export type DeployedPage = {
  url: string;
  id: string;
  /** Whether visitors see the page; `unknown`: it could not be found out from here. */
  visibility: 'public' | 'protected' | 'unknown';
  metadata: Record<string, unknown>;
};

/** The call of DeployAgent that a deployment is made for. */
export type DeployCall = {
  /** A deployment made for the same key and page is found again, not made twice. Null: each call makes one. */
  idempotencyKey: string | null;
  signal: AbortSignal;
  report: (message: string, metadata?: Record<string, unknown>) => Promise<void>;
  warn: (message: string, metadata?: Record<string, unknown>) => Promise<void>;
};

/**
 * Deploys a page.
 * @throws {Refusal} when repeating the call would fail again
 * @throws {TemporaryFailure} otherwise
 */
export type DeployPage = (page: PageToDeploy, call: DeployCall) => Promise<DeployedPage>;
