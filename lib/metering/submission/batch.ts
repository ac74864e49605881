import { encodeRecord, type SealedRecord } from "./encoder.ts";

/** AWS takes at most this many records a call. */
export const MOST_RECORDS = 25;
/** AWS refuses a body of 1 MB or more; what the SDK adds around the records is far less than the difference. */
const MOST_BYTES = 990_000;

/** A record that wants to go out, with what decides in whose company. */
export type Candidate = SealedRecord & { travelsAlone: boolean };

/** Packs that many calls at most, each from what the ones before it left. */
export function packBatches(candidates: readonly Candidate[], most: number): Candidate[][] {
  const batches: Candidate[][] = [];
  let left = candidates;
  while (batches.length < most && left.length > 0) {
    const batch = packBatch(left);
    batches.push(batch);
    left = left.filter((candidate) => !batch.includes(candidate));
  }
  return batches;
}

/**
 * Packs the next call from candidates in order of urgency: the first one always goes. A suspect travels alone, and clean
 * records never travel with one (M4).
 */
export function packBatch(candidates: readonly Candidate[]): Candidate[] {
  const [first] = candidates;
  if (!first) return [];
  if (first.travelsAlone) return [first];
  const batch: Candidate[] = [];
  let bytes = 0;
  for (const candidate of candidates) {
    if (candidate.travelsAlone) continue;
    bytes += Buffer.byteLength(JSON.stringify(encodeRecord(candidate)));
    if (batch.length === MOST_RECORDS || (batch.length > 0 && bytes > MOST_BYTES)) break;
    batch.push(candidate);
  }
  return batch;
}
