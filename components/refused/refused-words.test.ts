import { expect, test } from "vitest";
import { readableEvent, replayEffect, replayedText } from "./refused-words.ts";

test("before a replay it says how many events go through the door again", () => {
  expect(replayEffect({ matched: 1_200 })).toBe(
    "1,200 events will be sent through the door again, exactly as they were sent; what is accepted counts in the first hour that is open.",
  );
  expect(replayEffect({ matched: 0 })).toMatch(/^Nothing can be replayed/);
});

test("after it the numbers add up", () => {
  expect(replayedText({ matched: 12, accepted: 9, duplicates: 2, refused: 1 })).toBe(
    "Of 12 events, 9 are counted now, 2 had been counted before, 1 is refused again and stays here.",
  );
  expect(replayedText({ matched: 1, accepted: 1, duplicates: 0, refused: 0 })).toBe(
    "Of 1 event, 1 is counted now.",
  );
});

test("an event is shown in lines; the beginning of a long one says that it is one", () => {
  expect(readableEvent('{"id":"e1","quantity":"12.50"}')).toBe('{\n  "id": "e1",\n  "quantity": "12.50"\n}');
  expect(readableEvent('{"id":"e1","tags":{"a')).toMatch(/^\{"id":"e1","tags":\{"a\n… it is longer/);
});
