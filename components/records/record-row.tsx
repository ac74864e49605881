import Link from "next/link";
import { between, durationText } from "#components/format/duration.ts";
import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { canStillBeBilled } from "#components/record-state.ts";
import { Identifier } from "#components/ui/identifier.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { TimeLeft } from "#components/ui/time-left.tsx";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { OpenHourView, UsageRecordView } from "#lib/metering/shapes.ts";
import { isChoosable } from "./decide-bar.tsx";
import { recordStep } from "./record-step.ts";

/** One record; the buyer's name, with the whole row as its area, opens it. */
export function RecordRow({
  record,
  buyer,
  now,
  chosen,
}: {
  record: UsageRecordView;
  buyer: string | undefined;
  now: string;
  /** Whether its box is ticked to begin with. */
  chosen: boolean;
}) {
  const step = recordStep(record, now);
  const name = buyer ?? buyerName(record.customerAwsAccountId);
  return (
    <tr>
      <td className="r-s">
        {isChoosable(record.state) ? (
          <input
            className="check"
            type="checkbox"
            name="ids"
            value={record.id}
            defaultChecked={chosen}
            aria-label={`Choose ${name}, ${record.dimension}, ${hourText(record.hour)}`}
          />
        ) : (
          <span className="no-check" />
        )}
        <StateBadge state={record.state} />
      </td>
      <td className="r-h">
        <UtcTime at={record.hour}>{hourText(record.hour)}</UtcTime>
      </td>
      <td className="r-b">
        <Link className="link-quiet" href={`/admin/metering/records/${record.id}`}>
          <span className="trunc">{name}</span>
          <span className="sr">
            , {record.dimension}, {hourText(record.hour)}
          </span>
        </Link>
      </td>
      <td className="r-l">
        <LicenseId arn={record.licenseArn} id={record.licenseId} />
      </td>
      <td className="r-d mono">{record.dimension}</td>
      <td className="r-q num">{quantityText(record.quantity)}</td>
      <td className="r-t num">
        {canStillBeBilled(record.state) && <TimeLeft from={record.hour} until={record.aim} now={now} />}
        {record.state === "expired" && "window closed"}
      </td>
      <td className="r-n trunc muted" title={record.meteringRecordId ?? step}>
        {step}
      </td>
      <td className="r-x num faint">{record.attempts}</td>
    </tr>
  );
}

/** An hour that still takes usage. It has no page yet: there is no record before the hour is frozen. */
export function OpenHourRow({
  hour,
  buyer,
  now,
}: {
  hour: OpenHourView;
  buyer: string | undefined;
  now: string;
}) {
  const left = between(now, hour.closesAt);
  return (
    <tr>
      <td className="r-s">
        <span className="no-check" />
        <StateBadge state="open" />
      </td>
      <td className="r-h">
        <UtcTime at={hour.hour}>{hourText(hour.hour)}</UtcTime>
      </td>
      <td className="r-b">
        <b className="trunc">{buyer ?? buyerName(hour.customerAwsAccountId)}</b>
      </td>
      <td className="r-l">
        <LicenseId arn={hour.licenseArn} id={hour.licenseId} />
      </td>
      <td className="r-d mono">{hour.dimension}</td>
      <td className="r-q num">{quantityText(hour.quantity)}</td>
      <td className="r-t num">{left > 0 ? `closes in ${durationText(left)}` : "closing"}</td>
      <td className="r-n trunc muted">Quantity so far</td>
      <td className="r-x num faint">0</td>
    </tr>
  );
}

/** A license by AWS's ARN, or by our id where AWS gave none. */
export function LicenseId({ arn, id }: { arn: string | null; id: string }) {
  return arn === null ? <Identifier id={id} what="license id" /> : <Identifier id={arn} what="license ARN" />;
}

/** A buyer who has not named their company yet. */
export function buyerName(awsAccountId: string | null): string {
  return awsAccountId === null ? "Not set up yet" : `Account ${awsAccountId}`;
}
