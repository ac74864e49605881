import { StartError } from "./start-error.ts";

/** Runs a script's main function: its number becomes the exit code, a `StartError` one line, anything else its stack. */
export async function runCommand(main: (args: string[]) => Promise<number>): Promise<never> {
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error);
    process.exit(1);
  }
}
