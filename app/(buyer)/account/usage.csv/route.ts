import { usageCsv } from "#components/buyer/usage-csv.ts";
import { businessNow } from "#lib/database/clock.ts";
import { listLicensesOfCompany } from "#lib/licensing/views.ts";
import { readMonthUsage } from "#lib/metering/ledger/usage-views.ts";
import { requireBuyer } from "../../../signed-in.ts";

/** GET /account/usage.csv: the caller's company's usage of the running month, as AWS holds it. */
export async function GET(): Promise<Response> {
  const buyer = await requireBuyer();
  const licenses = (await listLicensesOfCompany(buyer.companyId)).map(({ license }) => license);
  const usage = await readMonthUsage(
    licenses.map(({ id }) => id),
    await businessNow(),
  );
  return new Response(usageCsv(usage, licenses), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="usage-${usage.first.slice(0, 7)}.csv"`,
      "cache-control": "private, no-store",
    },
  });
}
