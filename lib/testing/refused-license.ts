import { db } from "../database/client.ts";

/** The database takes nothing of this agreement into a license, for this reason, until the trigger goes. */
export async function refusesLicense(agreementId: string, sqlState: string): Promise<void> {
  await db().$executeRawUnsafe(`
    CREATE FUNCTION test_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'refused by a test' USING ERRCODE = '${sqlState}'; END $$`);
  await db().$executeRawUnsafe(`
    CREATE TRIGGER test_refuses BEFORE UPDATE ON license FOR EACH ROW
    WHEN (NEW.agreement_id = '${agreementId}') EXECUTE FUNCTION test_refuses()`);
}
