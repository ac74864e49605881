import { defineConfig } from "prisma/config";

// The migrations are applied by scripts/migrate.ts, which needs no downloaded engine; Prisma's own command only generates the client.
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: "postgresql://localhost:5432/unused" },
});
