ALTER TABLE "portal_state" ADD COLUMN     "lives" UUID[] DEFAULT ARRAY[gen_random_uuid()];

-- Made from what never changes: a copy of this database from before this migration gets the same name.
UPDATE "portal_state" SET "lives" = ARRAY[md5('first life ' || extract(epoch FROM "created_at"))::uuid];
