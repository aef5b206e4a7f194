/** The port behind which a model server stands. Each call of it is one request that may cost money. */
export type ModelServer = {
  /** Host and port, for messages. */
  label: string;
  /** The text model. */
  model: string;
  /** Null: there is none, so pictures are drawn without a model. */
  imageModel: string | null;
  /** @throws {ModelFailure} */
  write(request: WriteRequest, call: ModelCall): Promise<Written>;
  /** @throws {ModelFailure} of kind `no-images` when the server cannot draw or does not want to */
  draw(request: DrawRequest, call: Omit<ModelCall, 'onText'>): Promise<Drawn | Unusable>;
};

export type Message = { role: 'system' | 'user' | 'assistant'; content: string };

export type WriteRequest = {
  messages: readonly Message[];
  /** A JSON Schema that the text must fit. Servers may ignore it. */
  schema?: { name: string; schema: Record<string, unknown> } | undefined;
  /** Another number asks for another text. */
  seed?: number | undefined;
};

export type DrawRequest = { prompt: string };

export type ModelCall = {
  /** Sent along, so that a server which charges money can tell a repeated request. */
  idempotencyKey: string | null;
  signal: AbortSignal;
  /** Called with each piece of the text as it arrives. */
  onText: (text: string) => void;
};

/** What a request used; an absent number is unknown, not zero. */
export type Tokens = { inputTokens?: number | undefined; outputTokens?: number | undefined };

export type Written = Tokens & {
  /** As the model wrote it, with fences and thoughts. Never blank. */
  text: string;
  /** As the server names it. */
  model: string;
  /** The model reached its output limit, so the text ends early. */
  isCut: boolean;
  /** From sending the request to the first piece of text, and to the last. */
  firstTokenMs: number;
  durationMs: number;
};

export type Drawn = Tokens & { contentType: string; base64: string; model: string; durationMs: number };
/** An answer that was paid for and has no picture that can be shown. */
export type Unusable = Tokens & { model: string; whyNot: string };

/**
 * `rejected`: the server refuses something in the request, which may be an option that it does not know.
 * `no-endpoint`: nothing is served at this path. `no-model`: the server does not have the model. `no-images`: the server
 * cannot draw this.
 */
export type FailureKind = 'rejected' | 'no-endpoint' | 'no-model' | 'no-images' | 'other';

/** A request to a model server failed. The message is for a person: it names the host, and neither key nor prompt. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly kind: FailureKind;
  /** Repeating the request would fail again. */
  readonly isFinal: boolean;
  /** The HTTP status of the server, if it sent one. */
  readonly status: number | undefined;
  /** Seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;
  /** What the server sent as the reason. May contain the prompt: for decisions only. */
  readonly body: string;
  /** What the failed request used all the same. */
  readonly tokens: (Tokens & { model: string }) | undefined;

  constructor(
    message: string,
    details: Partial<Pick<ModelFailure, 'kind' | 'isFinal' | 'status' | 'retryAfter' | 'body' | 'tokens'>> = {},
  ) {
    super(message);
    this.kind = details.kind ?? 'other';
    this.isFinal = details.isFinal ?? false;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.body = details.body ?? '';
    this.tokens = details.tokens;
  }
}
