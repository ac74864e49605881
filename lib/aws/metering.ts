import {
  BatchMeterUsageCommand,
  ResolveCustomerCommand,
  type UsageRecord,
} from "@aws-sdk/client-marketplace-metering";
import { env } from "../env.ts";
import { failed, ok, type Result } from "../result.ts";
import { meteringClient, withinTime } from "./clients.ts";
import { type AwsFault, readFault } from "./faults.ts";

/** What ResolveCustomer says about a registration token. */
export type ResolvedCustomer = {
  productCode: string;
  awsAccountId: string | null;
  /** AWS's legacy name of the buyer; empty for concurrent agreements. */
  customerIdentifier: string | null;
  licenseArn: string | null;
};

/**
 * Redeems a registration token (API reference: ResolveCustomer). The same token gives the same answer until it expires.
 * `set_up_broken` covers our own credentials and answers that name no product or buyer.
 */
export async function resolveCustomer(
  registrationToken: string,
): Promise<
  Result<ResolvedCustomer, "token_invalid" | "token_expired" | "aws_unreachable" | "set_up_broken">
> {
  try {
    const answer = await meteringClient(env().AWS_REGION).send(
      new ResolveCustomerCommand({ RegistrationToken: registrationToken }),
      withinTime(),
    );
    const awsAccountId = answer.CustomerAWSAccountId || null;
    const customerIdentifier = answer.CustomerIdentifier || null;
    if (!answer.ProductCode || !(awsAccountId || customerIdentifier)) return failed("set_up_broken");
    const licenseArn = answer.LicenseArn || null;
    return ok({ productCode: answer.ProductCode, awsAccountId, customerIdentifier, licenseArn });
  } catch (error) {
    const fault = readFault(error);
    if (fault.code === "ExpiredTokenException" && fault.kind === "refused") return failed("token_expired");
    if (fault.kind === "refused") return failed("token_invalid", fault.code);
    return failed(fault.kind === "set_up_fault" ? "set_up_broken" : "aws_unreachable", fault.code);
  }
}

/** One record as AWS takes it (API reference: UsageRecord). */
export type WireRecord = UsageRecord;

export type AnswerLine = {
  timestamp: Date | null;
  dimension: string | null;
  licenseArn: string | null;
  customer: string | null;
  quantity: number | null;
  status: string;
  meteringRecordId: string | null;
};

/** AWS's answer to a batch. What stands in neither list was not mentioned. */
export type BatchAnswer = { results: AnswerLine[]; unprocessed: AnswerLine[]; awsRequestId: string | null };

/**
 * Sends one BatchMeterUsage call, once, and says what came back. Never throws for what AWS or the network does.
 * @param call.leave is waited for when everything is ready, right before the bytes leave; AWS's time to answer begins then.
 * What it throws is thrown: nothing has left.
 */
export async function batchMeterUsage(call: {
  region: string;
  productCode: string | null;
  records: WireRecord[];
  leave?: () => Promise<void>;
}): Promise<{ ok: true; answer: BatchAnswer } | { ok: false; fault: AwsFault }> {
  const patience = new AbortController();
  let isHindered = false;
  let hasLeft = false;
  const command = new BatchMeterUsageCommand({
    ...(call.productCode === null ? {} : { ProductCode: call.productCode }),
    UsageRecords: call.records,
  });
  // The last step before the wire: after credentials were fetched and the request was signed.
  command.middlewareStack.add(
    (next) => async (request) => {
      await call.leave?.().catch((error: unknown) => {
        isHindered = true;
        throw error;
      });
      hasLeft = true;
      withinTime().abortSignal.addEventListener("abort", () => patience.abort());
      return next(request);
    },
    { step: "deserialize", priority: "low", name: "leave" },
  );
  try {
    const output = await meteringClient(call.region).send(command, { abortSignal: patience.signal });
    return {
      ok: true,
      answer: {
        results: (output.Results ?? []).map((line) =>
          lineOf(line.UsageRecord, line.Status, line.MeteringRecordId),
        ),
        unprocessed: (output.UnprocessedRecords ?? []).map((record) =>
          lineOf(record, "Unprocessed", undefined),
        ),
        awsRequestId: output.$metadata.requestId ?? null,
      },
    };
  } catch (error) {
    if (isHindered) throw error;
    const fault = readFault(error);
    // Whatever is wrong with what AWS never saw (credentials that another service does not give, say) is our set-up.
    return { ok: false, fault: hasLeft ? fault : { ...fault, kind: "set_up_fault" } };
  }
}

function lineOf(
  record: UsageRecord | undefined,
  status: string | undefined,
  id: string | undefined,
): AnswerLine {
  return {
    timestamp: record?.Timestamp instanceof Date ? record.Timestamp : null,
    dimension: record?.Dimension ?? null,
    licenseArn: record?.LicenseArn ?? null,
    customer: record?.CustomerAWSAccountId ?? record?.CustomerIdentifier ?? null,
    quantity: record?.Quantity ?? null,
    status: status ?? "",
    meteringRecordId: id || null,
  };
}
