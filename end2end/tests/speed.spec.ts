import { book } from '../fixtures/books';
import { expect, test } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';

/** What a key may do before the browser can draw: one frame. */
const FRAME_MS = 16;
/** The longest that anything may hold the page up before a person notices. */
const NOTICED_MS = 100;

interface Measured {
  keys: number[];
  tasks: number[];
}

test('typing in the review does not wait for anything', async ({ signedIn: page, api }, info) => {
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  const review = new ReviewPage(page);
  await review.of(release);
  // What each key does, and everything that keeps the page from drawing for more than 50 ms, as the browser counts them.
  await page.evaluate(() => {
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

  // A key that takes long is seen: otherwise nothing that follows would mean anything.
  await page.evaluate(() => {
    const slow = () => {
      const end = performance.now() + 150;
      while (performance.now() < end);
    };
    window.addEventListener('keydown', slow, { once: true });
  });
  await review.field('Title').click();
  await page.keyboard.press('End');
  await expect.poll(async () => Math.max(0, ...(await measured()).keys)).toBeGreaterThan(NOTICED_MS);
  await expect.poll(async () => Math.max(0, ...(await measured()).tasks)).toBeGreaterThan(NOTICED_MS);

  await page.evaluate(() => Object.assign((window as unknown as { measured: Measured }).measured, { keys: [], tasks: [] }));
  const before = await typed();
  const text = 'A title that somebody types at a good pace';
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text, { delay: 40 });
  await expect(page.locator('#review-name')).toContainText('A.title.that', { ignoreCase: true });
  expect((await typed()) - before).toBeGreaterThanOrEqual(text.length);
  const { keys, tasks } = await measured();
  info.annotations.push({ type: 'longest', description: `${Math.max(0, ...keys).toFixed(1)} ms a key, ${Math.max(0, ...tasks).toFixed(1)} ms a task` });
  expect(Math.max(0, ...keys)).toBeLessThanOrEqual(FRAME_MS);
  expect(Math.max(0, ...tasks)).toBeLessThanOrEqual(NOTICED_MS);
});
