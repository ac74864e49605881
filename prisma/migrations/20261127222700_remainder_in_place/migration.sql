-- Nothing reads this index any more. Without it an hour's new fraction takes the place of the old one: no index is written,
-- and room is left on each page for it.
DROP INDEX "remainder_whole";
ALTER TABLE "remainder" SET (fillfactor = 80);
