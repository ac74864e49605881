-- AlterTable
ALTER TABLE "product_dimension" ADD COLUMN     "cap" BIGINT;
ALTER TABLE "product_dimension" ADD CONSTRAINT "product_dimension_cap" CHECK ("cap" > 0);
