import type { Photographer } from "./photographer.ts";

/** Runs a step of the tour and prints its seconds. */
export type Step = { <Found>(name: string, play: () => Promise<Found>): Promise<Found>; sum(): number };

/** Counts what the steps took, without the time that taking pictures took. */
export function stopwatch(camera: Photographer): Step {
  let [sum, number] = [0, 0];
  const step = async <Found>(name: string, play: () => Promise<Found>): Promise<Found> => {
    const [began, photographs] = [performance.now(), camera.seconds()];
    const found = await play();
    const seconds = (performance.now() - began) / 1000 - (camera.seconds() - photographs);
    sum += seconds;
    number += 1;
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${number}. ${name}`);
    return found;
  };
  return Object.assign(step, { sum: () => sum });
}
