import { createServer } from "node:net";
import { newFiles, type Place } from "./place.ts";
import { expectNothingLeft, kill, launch, pidOf, type Run, startUntilReady, waitForLine } from "./run.ts";

/** One way to start or stop, played on a place. It throws with what went wrong. */
export interface Case {
  name: string;
  play(place: Place): Promise<void>;
}

/** In this order: the first two set the place up, every other one starts in a second. */
export const CASES: Case[] = [
  {
    name: "a fresh clone, stopped with SIGTERM while it builds, leaves nothing running",
    async play(place) {
      const run = launch(place);
      await waitForLine(run, /^Building/m, 240);
      kill(run.pid, "SIGTERM");
      await expectNothingLeft(place);
      expectNeverSilent(run);
    },
  },
  {
    name: "the first whole start never keeps silent for 5 s, and its doors answer",
    async play(place) {
      const run = await startUntilReady(place);
      expectNeverSilent(run);
      for (const address of [
        `http://127.0.0.1:${place.port}/api/health`,
        `http://localhost:${place.sandboxPort}/`,
      ]) {
        const { status } = await fetch(address);
        expect(status === 200, `${address} answers ${status}`);
      }
      await stopWithTerm(place, run);
    },
  },
  {
    name: "SIGINT to the whole group (Ctrl-C) stops everything",
    async play(place) {
      const run = await startUntilReady(place);
      kill(-run.pid, "SIGINT");
      await expectNothingLeft(place);
    },
  },
  {
    name: "a second start while the first runs says so, and the first goes on",
    async play(place) {
      const first = await startUntilReady(place);
      const second = launch(place);
      expect((await second.ended) === 1, "the second start did not end with exit code 1");
      const words = new RegExp(`already running at http://127.0.0.1:${place.port} \\(pid \\d+\\)`);
      expect(words.test(second.output()), second.output());
      expect((await fetch(`http://127.0.0.1:${place.port}/api/ready`)).ok, "the first one no longer answers");
      await stopWithTerm(place, first);
    },
  },
  {
    name: "a taken PORT or SANDBOX_PORT is named, with how to change it",
    async play(place) {
      for (const [variable, port] of [
        ["PORT", place.port],
        ["SANDBOX_PORT", place.sandboxPort],
      ] as const) {
        const stranger = createServer().listen(port, "127.0.0.1");
        const run = launch(place);
        const code = await run.ended;
        stranger.close();
        expect(code === 1, `with ${variable} taken the exit code is ${code}`);
        const words = new RegExp(`^Port ${port} is taken.*${variable}=\\d+ npm run up$`, "m");
        expect(words.test(run.output()), run.output());
        await expectNothingLeft(place);
      }
    },
  },
  killedThenStarted("kill -9 of the whole group", (_place, run) => kill(-run.pid, "SIGKILL")),
  killedThenStarted("kill -9 of npm alone", (_place, run) => kill(run.pid, "SIGKILL")),
  {
    name: "kill -9 of the portal alone: everything stops and says why; it starts again",
    async play(place) {
      const run = await startUntilReady(place);
      kill(pidOf(place, "portal"), "SIGKILL");
      expect((await run.ended) === 1, "npm run up did not end with exit code 1");
      expect(run.output().includes("The portal stopped (ended by SIGKILL)"), run.output());
      await expectNothingLeft(place);
      await stopWithTerm(place, await startUntilReady(place));
    },
  },
  {
    name: "git sees no file that any of this left",
    play: async (place) => expect(newFiles(place) === "", newFiles(place)),
  },
];

/** What is played for another user: a start and a stop. */
export const startAndStop: Case = {
  name: "an ordinary user starts and stops",
  play: async (place) => stopWithTerm(place, await startUntilReady(place)),
};

function killedThenStarted(what: string, act: (place: Place, run: Run) => void): Case {
  return {
    name: `${what}, then a start at once: what still lives is adopted or stopped`,
    async play(place) {
      const killed = await startUntilReady(place);
      act(place, killed);
      await killed.ended;
      await stopWithTerm(place, await startUntilReady(place));
    },
  };
}

/** SIGTERM to npm alone, as a process manager does. */
async function stopWithTerm(place: Place, run: Run): Promise<void> {
  kill(run.pid, "SIGTERM");
  await expectNothingLeft(place);
}

function expectNeverSilent(run: Run): void {
  expect(run.longestSilence() < 5, `${run.longestSilence().toFixed(1)} s without a line`);
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
