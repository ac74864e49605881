import { seriesOf, units } from "../books.ts";
import type { World } from "../world.ts";

const MOST = 5;

/** Every event that was answered "accepted" is counted once, with its quantity and in its series, and no other is. */
export async function checkBooks(world: World): Promise<string[]> {
  const rows = await world.stage.query<{
    id: string;
    arn: string;
    dimension: string;
    quantity: string;
    n: number;
  }>(
    `SELECT e.event_id AS id, l.license_arn AS arn, s.dimension, max(e.quantity)::text AS quantity, count(*)::int AS n
     FROM usage_event e JOIN series s ON s.id = e.series_id JOIN license l ON l.id = s.license_id GROUP BY 1, 2, 3`,
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const findings: string[] = [];
  for (const event of world.books.accepted()) {
    const row = found.get(event.id);
    found.delete(event.id);
    if (!row) findings.push(`${event.id} was accepted and is not counted`);
    else if (row.n !== 1) findings.push(`${event.id} is counted ${row.n} times`);
    else if (units(row.quantity) !== units(event.quantity))
      findings.push(`${event.id} of ${event.quantity} is counted as ${row.quantity}`);
    else if (row.arn !== event.licenseArn || row.dimension !== event.dimension)
      findings.push(`${event.id} is counted in another series`);
  }
  for (const [id] of found) findings.push(`${id} is counted, but nobody was told that it is accepted`);
  return findings.slice(0, MOST);
}

type Series = {
  arn: string;
  dimension: string;
  records: string;
  remainder: string;
  open: string;
  off: string;
};

/** Places out of which nothing is billed any more. */
const OVER = "('written_off', 'billed_elsewhere', 'moved')";

/** What the books hold of a series is in its records, its remainder, its open hours, or over: nothing else. */
export async function checkPlaces(world: World): Promise<{ findings: string[]; accepted: bigint }> {
  const rows = await world.stage.query<Series>(`
    SELECT l.license_arn AS arn, s.dimension,
      (SELECT coalesce(sum(r.quantity), 0)::text FROM usage_record r LEFT JOIN record_outcome o ON o.record_id = r.id
        LEFT JOIN queued_record q ON q.record_id = r.id
        WHERE r.series_id = s.id AND (o.state = 'accepted' OR q.record_id IS NOT NULL)) AS records,
      (SELECT coalesce(sum(quantity), 0)::text FROM remainder WHERE series_id = s.id) AS remainder,
      (SELECT coalesce(sum(quantity), 0)::text FROM usage_event WHERE series_id = s.id
        AND hour >= greatest(p.closed_through, c.closed_through)) AS open,
      (SELECT coalesce(sum(CASE WHEN to_place IN ${OVER} THEN quantity ELSE 0 END
          - CASE WHEN from_place IN ${OVER} THEN quantity ELSE 0 END), 0)::text
        FROM movement WHERE series_id = s.id) AS off
    FROM series s JOIN license l ON l.id = s.license_id JOIN product_closing p ON p.product_code = s.product_code
    JOIN license_closing c ON c.license_id = l.id`);
  const expected = new Map<string, bigint>();
  for (const event of world.books.accepted()) {
    const series = seriesOf(event);
    expected.set(series, (expected.get(series) ?? 0n) + units(event.quantity));
  }
  const findings = rows.flatMap((row) => {
    const series = seriesOf({ licenseArn: row.arn, dimension: row.dimension });
    const parts = [row.records, row.remainder, row.open, row.off];
    const sum = parts.reduce((total, part) => total + units(part), 0n);
    return sum === (expected.get(series) ?? 0n)
      ? []
      : [
          `${row.dimension} of ${row.arn.slice(-6)}: accepted ${expected.get(series)}e-12, found ${JSON.stringify(row)}`,
        ];
  });
  const accepted = [...expected.values()].reduce((sum, quantity) => sum + quantity, 0n);
  return { findings: findings.slice(0, MOST), accepted };
}

/** Each sealed record counts exactly the events of its own hour. */
export async function checkSealing(world: World): Promise<string[]> {
  const rows = await world.stage.query<{ id: string; counted: string; events: string }>(`
    SELECT r.id::text AS id, r.counted::text AS counted, coalesce(sum(e.quantity), 0)::text AS events
    FROM usage_record r LEFT JOIN usage_event e ON e.series_id = r.series_id AND e.hour = r.hour
    GROUP BY r.id HAVING r.counted <> coalesce(sum(e.quantity), 0) LIMIT 5`);
  return rows.map((row) => `record ${row.id} counts ${row.counted}, its hour's events are ${row.events}`);
}
