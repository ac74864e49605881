import { env } from "./env.ts";

type Level = "debug" | "info" | "warn" | "error";
const ORDER: Level[] = ["debug", "info", "warn", "error"];

function write(level: Level, code: string, fields: Record<string, unknown>): void {
  if (ORDER.indexOf(level) < ORDER.indexOf(env().LOG_LEVEL)) return;
  const line = JSON.stringify({ at: new Date().toISOString(), level, code, ...fields });
  (level === "error" || level === "warn" ? process.stderr : process.stdout).write(`${line}\n`);
}

/** One JSON line per happening, with a stable code. Callers never pass tokens, keys, passwords or personal data. */
export const log = {
  debug: (code: string, fields: Record<string, unknown> = {}) => write("debug", code, fields),
  info: (code: string, fields: Record<string, unknown> = {}) => write("info", code, fields),
  warn: (code: string, fields: Record<string, unknown> = {}) => write("warn", code, fields),
  error: (code: string, fields: Record<string, unknown> = {}) => write("error", code, fields),
};

/** What a log line may say of a surprise: its name and the end of its message, where Prisma puts the cause. */
export function describeError(error: unknown): { error: string } {
  return {
    error:
      error instanceof Error
        ? `${error.name}: ${error.message.trim().slice(-500)}`
        : String(error).slice(0, 500),
  };
}
