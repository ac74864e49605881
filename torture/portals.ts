import { portalArguments } from "#scripts/up/portal-arguments.ts";
import { Actor, type ActorSettings } from "./actor.ts";
import type { Answer, UsageEvent } from "./books.ts";

const TAKES_MS = 15_000;
const HEARS_MS = 5_000;

/** Who may bring usage, and who events. */
type Secrets = { apiKey: string; eventsSecret: string };

/** Whoever takes usage and lifecycle events. */
export type Taker = SmallPortal | RealPortal;

/** A process that calls what a portal's routes and commands call (portal.ts): what people do is done through it as well. */
export class SmallPortal extends Actor {
  async take(events: UsageEvent[]): Promise<Answer> {
    return (await this.ask("ingest", { events }, TAKES_MS)) as Answer;
  }

  async hear(envelope: unknown): Promise<void> {
    await this.ask("hear", { envelope }, HEARS_MS);
  }
}

/**
 * The production web server, called over HTTP as a product and EventBridge call it. With the worker inside, as `npm run up`
 * has it, one process takes usage, seals and submits.
 */
export class RealPortal extends Actor {
  readonly hasWorker: boolean;
  readonly #url: string;
  readonly #secrets: Secrets;

  constructor(
    name: string,
    of: Omit<ActorSettings, "args" | "address"> & Secrets & { port: number; hasWorker: boolean },
  ) {
    const { port, hasWorker, apiKey, eventsSecret, env, ...rest } = of;
    const url = `http://127.0.0.1:${port}`;
    super(name, {
      ...rest,
      args: portalArguments("127.0.0.1", port),
      // Next says that it is ready before the portal is prepared.
      address: `${url}/api/health`,
      env: {
        ...env,
        PORT: String(port),
        NODE_ENV: "production",
        NEXT_MANUAL_SIG_HANDLE: "1",
        NEXT_TELEMETRY_DISABLED: "1",
        EMBEDDED_WORKER: String(hasWorker),
        BOOTSTRAP_API_KEY: apiKey,
        SELLER_EVENTS_SECRET: eventsSecret,
      },
    });
    this.hasWorker = hasWorker;
    this.#url = url;
    this.#secrets = { apiKey, eventsSecret };
  }

  async take(events: UsageEvent[]): Promise<Answer> {
    const response = await this.#post("/api/v1/usage", this.#secrets.apiKey, { events }, TAKES_MS);
    if (response.status !== 200 && response.status !== 422) throw await otherAnswer(response);
    return (await response.json()) as Answer;
  }

  async hear(envelope: unknown): Promise<void> {
    const response = await this.#post(
      "/api/events/eventbridge",
      this.#secrets.eventsSecret,
      envelope,
      HEARS_MS,
    );
    if (response.status !== 202) throw await otherAnswer(response);
    await response.arrayBuffer();
  }

  #post(door: string, secret: string, body: unknown, withinMs: number): Promise<Response> {
    return fetch(`${this.#url}${door}`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(withinMs),
    });
  }
}

/** What a door says when it did not take what it was given. */
export class OtherAnswer extends Error {
  readonly status: number;
  constructor(status: number, code: string) {
    super(`${status} ${code}`);
    this.status = status;
  }
}

async function otherAnswer(response: Response): Promise<OtherAnswer> {
  const { code } = (await response.json().catch(() => ({}))) as { code?: string };
  return new OtherAnswer(response.status, code ?? "without a problem in words");
}
