-- DropIndex
DROP INDEX "submission_result_record_id_idx";
