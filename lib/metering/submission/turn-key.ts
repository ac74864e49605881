/**
 * A condition: that of a row of the queue (`q`) its product has its turn in a region. Begins with the number that the queue's
 * indexes begin with, and compares the names as well, for two turns may have the same number.
 */
export function isOfTurn(q: string, productCode: string, region: string): string {
  return `turn_key(${q}.product_code, ${q}.region) = turn_key(${productCode}, ${region})
    AND ${q}.product_code = ${productCode} AND ${q}.region = ${region}`;
}
