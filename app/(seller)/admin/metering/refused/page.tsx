import type { Metadata } from "next";
import { z } from "zod";
import { ReasonTable } from "#components/refused/reason-table.tsx";
import { RefusedEvents } from "#components/refused/refused-events.tsx";
import { ReplayStep } from "#components/refused/replay-step.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { listRefusedReasons } from "#lib/metering/ingest/refused-reason-views.ts";
import { listRefused } from "#lib/metering/ingest/refused-views.ts";
import { replayRefused } from "#lib/metering/ingest/replay-refused.ts";
import { REFUSAL_CODES } from "#lib/metering/ingest/shapes.ts";
import { requireAdmin } from "../../../../signed-in.ts";
import { replayReason } from "./actions.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Refused events" };

const PAGE = 20;
const ROOM = "/admin/metering/refused";
const Address = z.object({
  code: z.enum(REFUSAL_CODES).optional().catch(undefined),
  cursor: z.string().max(100).optional().catch(undefined),
  replay: z.literal("1").optional().catch(undefined),
});

export default async function RefusedPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { email: actor } = await requireAdmin();
  const { code, cursor, replay } = Address.parse(await searchParams);
  const now = await businessNow();
  const back = code ? `${ROOM}?code=${code}` : ROOM;
  const [reasons, page, preview] = await Promise.all([
    listRefusedReasons(now),
    listRefused({ code, open: true, now }, { cursor, limit: PAGE }),
    code && replay ? replayRefused({ choice: { code }, actor, now, preview: true }) : null,
  ]);
  const older = page.nextCursor && `${back}${code ? "&" : "?"}cursor=${encodeURIComponent(page.nextCursor)}`;
  return (
    <>
      <TopBar crumbs={[{ name: "Metering" }, { name: "Refused events" }]} />
      <main className="page" id="main" tabIndex={-1}>
        <div className="title">
          <h1>Refused events</h1>
        </div>
        {code && preview && (
          <ReplayStep key={code} code={code} matched={preview.matched} back={back} replay={replayReason} />
        )}
        {reasons.length === 0 ? (
          <section className="panel records-none" aria-label="Refused events">
            <p>
              No refused event waits. What a product sends and the portal cannot count is kept here as it was
              sent, so that it can be replayed within a day, once its cause is mended.
            </p>
          </section>
        ) : (
          <>
            <ReasonTable reasons={reasons} code={code} now={now.toISOString()} />
            <RefusedEvents events={page.items} older={older} all={code || cursor ? ROOM : null} />
          </>
        )}
      </main>
    </>
  );
}
