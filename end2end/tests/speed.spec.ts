import { book } from '../fixtures/books';
import { expect, test } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';

/** What a key may do before the browser can draw: one frame. */
const FRAME_MS = 16;
/** The longest that anything may hold the page up before a person notices. */
const NOTICED_MS = 100;
/**
 * Each is typed in a page that was just opened. What another program takes from one it does not take from most: the
 * middle of so many is what the page takes.
 */
const TITLES = ['A title that somebody types', 'Another of the same pace', 'One more to be sure', 'A fourth, shorter', 'And the last of them'];

interface Measured {
  keys: number[];
  tasks: number[];
}

/** The longest of each, in milliseconds. */
interface Longest {
  key: number;
  task: number;
}

function middle(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

test('typing in the review does not wait for anything', async ({ signedIn: page, api }, info) => {
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  const review = new ReviewPage(page);
  // What each key does, and everything that keeps the page from drawing for more than 50 ms, as the browser counts them.
  const watch = () => page.evaluate(() => {
    const measured: Measured = { keys: [], tasks: [] };
    Object.assign(window, { measured });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceEventTiming[]) {
        if (entry.name === 'keydown' || entry.name === 'input') measured.keys.push(entry.processingEnd - entry.processingStart);
      }
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    new PerformanceObserver((list) => measured.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
  });
  const measured = () => page.evaluate(() => (window as unknown as { measured: Measured }).measured);
  const typed = () => page.evaluate(() => (performance as unknown as { eventCounts: Map<string, number> }).eventCounts.get('keydown') ?? 0);
  const longest = async (): Promise<Longest> => {
    // What was measured is told after the next frame.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const { keys, tasks } = await measured();
    return { key: Math.max(0, ...keys), task: Math.max(0, ...tasks) };
  };

  // A key that takes long is seen: otherwise nothing that follows would mean anything.
  await review.of(release);
  await watch();
  await page.evaluate(() => {
    const slow = () => {
      const end = performance.now() + 150;
      while (performance.now() < end);
    };
    window.addEventListener('keydown', slow, { once: true });
  });
  await review.field('Title').click();
  await page.keyboard.press('End');
  await expect.poll(async () => (await longest()).key).toBeGreaterThan(NOTICED_MS);
  await expect.poll(async () => (await longest()).task).toBeGreaterThan(NOTICED_MS);

  const rounds: Longest[] = [];
  for (const text of TITLES) {
    await review.of(release);
    await watch();
    await review.field('Title').click();
    const before = await typed();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text, { delay: 40 });
    await expect(page.locator('#review-name')).toContainText(text.replaceAll(',', '').replaceAll(' ', '.'), { ignoreCase: true });
    expect((await typed()) - before).toBeGreaterThanOrEqual(text.length);
    rounds.push(await longest());
  }
  const said = rounds.map(({ key, task }) => `${key.toFixed(1)} and ${task.toFixed(1)}`);
  info.annotations.push({ type: 'longest', description: `ms of a key and of a task: ${said.join(', ')}` });
  expect(middle(rounds.map(({ key }) => key)), said.join(', ')).toBeLessThanOrEqual(FRAME_MS);
  expect(middle(rounds.map(({ task }) => task)), said.join(', ')).toBeLessThanOrEqual(NOTICED_MS);
});
