import { book } from '../fixtures/books';
import { expect, test } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';

test('typing in the review does not wait for anything', async ({ signedIn: page, api }, info) => {
  test.skip(info.project.name !== 'desk', 'measured on one screen');
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  const review = new ReviewPage(page);
  await review.of(release);
  // How long each key keeps the page from drawing, as the browser itself counts it.
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceEventTiming[]) {
        if (entry.name === 'keydown' || entry.name === 'input') seen.push(entry.processingEnd - entry.processingStart);
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  });
  await review.field('Title').click();
  await page.keyboard.type('A title that somebody types at a good pace', { delay: 40 });
  await expect(page.locator('#review-name')).toContainText('A.title.that', { ignoreCase: true });
  const work = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
  info.annotations.push({ type: 'longest key', description: `${Math.max(0, ...work).toFixed(1)} ms of work` });
  expect(Math.max(0, ...work)).toBeLessThanOrEqual(16);
});
