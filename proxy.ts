import { type NextRequest, NextResponse } from "next/server";
import { describeError, log } from "#lib/log.ts";
import { hasRecord } from "#lib/metering/ledger/record-views.ts";
import { hasSeries } from "#lib/metering/ledger/unsealed-views.ts";
import { findOperation } from "#lib/metering/submission/operation-views.ts";

const FIND: Record<string, (id: string) => Promise<unknown>> = {
  records: hasRecord,
  operations: findOperation,
  unsealed: hasSeries,
};

/**
 * Says 404 for the page of a record, an operation or a series that does not exist, which says the same in words. Next's notFound()
 * would say it too, but draws its page with scripts only.
 */
export async function proxy({ nextUrl, headers }: NextRequest): Promise<NextResponse> {
  // A script that refreshes the page would load it anew for a 404.
  if (headers.get("sec-fetch-dest") === "empty") return NextResponse.next();
  const [id = "", list = ""] = nextUrl.pathname.split("/").toReversed();
  try {
    if (await FIND[list]?.(id)) return NextResponse.next();
  } catch (error) {
    log.warn("proxy.database_away", describeError(error));
    return NextResponse.next(); // the page says it
  }
  return NextResponse.next({ status: 404 });
}

export const config = {
  matcher: ["/admin/metering/records/:id", "/admin/metering/operations/:id", "/admin/metering/unsealed/:id"],
};
